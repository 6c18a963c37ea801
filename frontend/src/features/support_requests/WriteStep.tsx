/** First step: what went wrong, and which technical data may go along; none unless chosen (F127). */
import type { JSX } from "preact";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { CheckField } from "../../ui/CheckField";
import { Form } from "../../ui/Form";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { TextArea } from "../../ui/TextArea";
import type { DiagnosticsGroup } from "./diagnostics";

/** The server's own bound (services/messages.py). */
const LONGEST_TEXT = 5000;

interface WriteStepProps {
  readonly desk: string;
  readonly text: string;
  readonly groups: readonly DiagnosticsGroup[];
  readonly chosen: readonly DiagnosticsGroup["key"][];
  readonly onInput: (text: string) => void;
  readonly onChoose: (chosen: readonly DiagnosticsGroup["key"][]) => void;
  readonly onReview: () => void;
}

export function WriteStep({
  desk,
  text,
  groups,
  chosen,
  onInput,
  onChoose,
  onReview,
}: WriteStepProps): JSX.Element {
  const problems = useFormProblems();
  const submit = () => {
    const found = problemsAt({ text: problemWith(text) });
    problems.refuse(found);
    if (found.length === 0) onReview();
  };
  return (
    <Page
      title={m.support_title()}
      lead={m.support_to({ name: desk })}
      back={{ href: paths.diagnostics, label: m.support_data_title() }}
    >
      <Form errors={problems.summary} isBusy={false} onSubmit={submit} layout="sections">
        <TextArea
          name="text"
          label={m.support_text()}
          hint={m.support_text_hint()}
          value={text}
          onInput={onInput}
          error={problems.at("text")}
        />
        <Section title={m.support_along()}>
          <p>{m.support_along_text()}</p>
          {groups
            .filter(({ items }) => items.length > 0)
            .map(({ key, title, items }) => (
              <CheckField
                key={key}
                name={`along-${key}`}
                label={title}
                isChecked={chosen.includes(key)}
                onChange={(isChecked) =>
                  onChoose(isChecked ? [...chosen, key] : chosen.filter((one) => one !== key))
                }
              >
                <p class="muted small">{items.map(([name]) => name).join(", ")}</p>
              </CheckField>
            ))}
        </Section>
        <div class="buttons">
          <Button type="submit">{m.support_to_review()}</Button>
        </div>
      </Form>
    </Page>
  );
}

function problemWith(text: string): string | null {
  if (!text.trim()) return m.support_text_missing();
  return [...text].length > LONGEST_TEXT ? m.support_text_too_long() : null;
}
