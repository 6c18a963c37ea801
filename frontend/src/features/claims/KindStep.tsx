/** What is handed in (F50), and a title for the customer alone (F62). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ClaimKind } from "../../lib/claimFacts";
import { claimKindHint, claimKindName } from "../../lib/claimWords";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { ChoiceField } from "../../ui/ChoiceField";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";

export interface KindValues {
  readonly kind: ClaimKind;
  readonly title: string;
}

interface KindStepProps {
  /** Those that some contract takes. */
  readonly kinds: readonly ClaimKind[];
  readonly initial?: { readonly kind: ClaimKind | null; readonly title: string };
  readonly onDone: (values: KindValues) => void;
}

export function KindStep({ kinds, initial, onDone }: KindStepProps): JSX.Element {
  const [kind, setKind] = useState<ClaimKind | null>(initial?.kind ?? null);
  const [title, setTitle] = useState(initial?.title ?? "");
  const problems = useFormProblems();
  const submit = () => {
    problems.refuse(problemsAt({ kind: kind ? null : m.claims_kind_missing() }));
    if (kind) onDone({ kind, title: title.trim() });
  };
  return (
    <Form errors={problems.summary} isBusy={false} onSubmit={submit} layout="sections">
      <ChoiceField
        name="kind"
        label={m.claims_kind_question()}
        value={kind}
        choices={kinds.map((value) => ({
          value,
          label: claimKindName(value),
          hint: claimKindHint(value),
        }))}
        onChange={(value) => setKind(kinds.find((one) => one === value) ?? null)}
        error={problems.at("kind")}
      />
      <Field
        name="title"
        label={m.claims_title_label()}
        hint={m.claims_title_hint()}
        value={title}
        onInput={setTitle}
        maxLength={80}
        isOptional
      />
      <div>
        <Button type="submit">{m.claims_next()}</Button>
      </div>
    </Form>
  );
}
