/** A question with few fixed answers. */
import type { JSX } from "preact";
import styles from "./Field.module.css";

interface SelectFieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

export function SelectField({
  name,
  label,
  value,
  options,
  onChange,
}: SelectFieldProps): JSX.Element {
  return (
    <div class={styles.field}>
      <label for={name}>{label}</label>
      <select
        id={name}
        name={name}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
