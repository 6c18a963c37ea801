/** Three small groups: how to sign in, who it is, what is agreed to; every problem at its field. */
import type { JSX } from "preact";
import { useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Form } from "../../ui/Form";
import { Section } from "../../ui/Section";
import { CredentialFields } from "./CredentialFields";
import { PersonFields } from "./PersonFields";
import { draftProblems } from "./registrationChecks";
import type { RegistrationDraft } from "./registrationDraft";
import { useStartRegistration } from "./startRegistration";
import { TermsFields } from "./TermsFields";
import type { Terms } from "./useTerms";

interface RegistrationFormProps {
  readonly draft: RegistrationDraft;
  readonly terms: readonly Terms[];
  readonly onChange: (change: Partial<RegistrationDraft>) => void;
  /** There is a newer version of a text than the one shown here. */
  readonly onOutdated: () => void;
}

export function RegistrationForm({
  draft,
  terms,
  onChange,
  onOutdated,
}: RegistrationFormProps): JSX.Element {
  const { isBusy, send } = useStartRegistration();
  const problems = useFormProblems();
  const inForce = (hash: string) => (terms.some(({ sha256 }) => sha256 === hash) ? hash : "");

  const submit = async () => {
    // A text that was agreed to in another language or version is not the one shown here.
    const shown = {
      ...draft,
      portalTerms: inForce(draft.portalTerms),
      postboxTerms: inForce(draft.postboxTerms),
    };
    const found = draftProblems(shown);
    problems.refuse(found);
    if (found.length > 0) return;
    const started = await send(shown);
    problems.refuse(started.problems);
    if (started.sent) return onChange({ sent: started.sent });
    const refused = started.problems.map(({ field }) => field);
    if (refused.includes("portalTerms")) onChange({ portalTerms: "" });
    if (refused.includes("postboxTerms")) onChange({ postboxTerms: "" });
    if (refused.some((field) => field.endsWith("Terms"))) onOutdated();
  };

  return (
    <Form
      errors={problems.summary}
      isBusy={isBusy}
      onSubmit={() => void submit()}
      layout="sections"
    >
      <Section title={m.registration_credentials()}>
        <CredentialFields draft={draft} problems={problems} onChange={onChange} />
      </Section>
      <Section title={m.registration_person()}>
        <PersonFields draft={draft} problems={problems} onChange={onChange} />
      </Section>
      <Section title={m.registration_terms()}>
        <TermsFields draft={draft} terms={terms} problems={problems} onChange={onChange} />
      </Section>
      <div class="stack">
        <p class="muted">{m.registration_agreement()}</p>
        <div>
          <Button type="submit" isBusy={isBusy}>
            {m.registration_action()}
          </Button>
        </div>
      </div>
    </Form>
  );
}
