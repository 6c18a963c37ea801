/** A form with what is wrong on top; it is not sent twice, and its problems speak our language. */
import type { ComponentChildren, JSX } from "preact";
import { ErrorSummary } from "./ErrorSummary";

interface FormProps {
  readonly errors: Parameters<typeof ErrorSummary>[0]["errors"];
  readonly isBusy: boolean;
  readonly onSubmit: () => void;
  /** How its parts stand: `stack` for fields, `sections` for sections. */
  readonly layout?: "stack" | "sections";
  readonly children: ComponentChildren;
}

export function Form({
  errors,
  isBusy,
  onSubmit,
  layout = "stack",
  children,
}: FormProps): JSX.Element {
  return (
    <form
      class={layout}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onSubmit();
      }}
    >
      <ErrorSummary errors={errors} />
      {children}
    </form>
  );
}
