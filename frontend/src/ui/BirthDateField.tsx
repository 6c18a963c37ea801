/** Typed, not picked: nobody leafs through fifty years of a calendar. */
import type { JSX } from "preact";
import type { FormProblems } from "../lib/formProblems";
import { birthDateProblem } from "../lib/typedDate";
import { m } from "../paraglide/messages.js";
import { Field } from "./Field";

interface BirthDateFieldProps {
  readonly value: string;
  readonly problems: FormProblems;
  readonly onInput: (typed: string) => void;
}

export function BirthDateField({ value, problems, onInput }: BirthDateFieldProps): JSX.Element {
  return (
    <Field
      name="birthDate"
      label={m.registration_birth_date()}
      hint={m.registration_birth_date_hint()}
      inputMode="numeric"
      autocomplete="bday"
      isShort
      value={value}
      onInput={onInput}
      onLeave={() => problems.leave("birthDate", value && birthDateProblem(value))}
      error={problems.at("birthDate")}
    />
  );
}
