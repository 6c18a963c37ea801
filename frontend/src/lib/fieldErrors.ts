/** `InvalidInput` of the server as entries of an error summary. */

export interface FieldProblem {
  /** Id of the input, the last part of the server's path. */
  readonly field: string;
  readonly message: string;
}

export function fieldErrors(
  fields: readonly { readonly path: readonly string[]; readonly message: string }[],
): FieldProblem[] {
  return fields.map(({ path, message }) => ({ field: path.at(-1) ?? "", message }));
}

/** The message for one input, if any. */
export function problemOf(problems: readonly FieldProblem[], field: string): string | undefined {
  return problems.find((problem) => problem.field === field)?.message;
}
