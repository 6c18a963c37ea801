/** Problems of a form: at a field as soon as it is left, and on top once the form was sent. */
import { useState } from "preact/hooks";
import { type FieldProblem, problemOf } from "./fieldErrors";

export interface FormProblems {
  /** For the error summary: what stood in the way of the last sending. */
  readonly summary: readonly FieldProblem[];
  readonly at: (field: string) => string | undefined;
  /** A field was left; null: nothing is wrong with it. */
  readonly leave: (field: string, message: string | null) => void;
  /** The form can't be sent, or was refused; none: it is on its way. */
  readonly refuse: (problems: readonly FieldProblem[]) => void;
}

export function useFormProblems(): FormProblems {
  const [summary, setSummary] = useState<readonly FieldProblem[]>([]);
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  return {
    summary,
    at: (field) => problemOf(problems, field),
    leave: (field, message) =>
      setProblems((known) => [
        ...known.filter((problem) => problem.field !== field),
        ...(message ? [{ field, message }] : []),
      ]),
    refuse: (refused) => {
      setProblems(refused);
      setSummary(refused);
    },
  };
}

/** The problems of several fields at once, given as field and message or null. */
export function problemsAt(checked: Readonly<Record<string, string | null>>): FieldProblem[] {
  return Object.entries(checked).flatMap(([field, message]) =>
    message ? [{ field, message }] : [],
  );
}
