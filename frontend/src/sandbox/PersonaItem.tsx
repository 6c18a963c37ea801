/** One person: what they prove, what to type, and one press that signs in. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { applyLocale, useLocale } from "../lib/locale";
import { m } from "../paraglide/messages.js";
import { Button } from "../ui/Button";
import { Message } from "../ui/Message";
import { CopyValue } from "./CopyValue";
import { InstallDevice } from "./InstallDevice";
import styles from "./PersonaList.module.css";
import type { Persona } from "./sandboxApi";
import { type Failure, type Step, signInAs } from "./signInAs";

interface PersonaItemProps {
  readonly persona: Persona;
  readonly password: string;
  /** Another person is being signed in. */
  readonly isBlocked: boolean;
  readonly onBusy: (isBusy: boolean) => void;
}

export function PersonaItem({
  persona,
  password,
  isBlocked,
  onBusy,
}: PersonaItemProps): JSX.Element {
  const { locale } = useLocale();
  const [step, setStep] = useState<Step | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const signIn = async () => {
    setFailure(null);
    onBusy(true);
    const failed = await signInAs(persona, password, setStep);
    if (failed) {
      setFailure(failed);
      setStep(null);
      onBusy(false);
      return;
    }
    if (persona.language === "en") applyLocale("en");
    location.assign("/");
  };
  return (
    <li>
      <div class={styles.head}>
        <h3>{persona.name}</h3>
        <Button kind="secondary" isBusy={isBlocked || step !== null} onClick={() => void signIn()}>
          <span>
            {m.sandbox_sign_in_as({ name: persona.name })}
            <span class="visually-hidden">, {persona.email}</span>
          </span>
        </Button>
      </div>
      <p>{locale === "de" ? persona.proves_de : persona.proves_en}</p>
      <div class={styles.values}>
        <CopyValue
          value={persona.email}
          label={m.sandbox_copy_email({ name: persona.name, value: persona.email })}
        />
        <CopyValue
          value={persona.phone}
          label={m.sandbox_copy_phone({ name: persona.name, value: persona.phone })}
        />
        <p role="status" class={`muted small ${styles.progress}`}>
          {step && stepText(step)}
        </p>
      </div>
      {persona.device && <InstallDevice email={persona.email} device={persona.device} />}
      {failure && (
        <Message kind="danger" isAlert title={m.sandbox_failed({ name: persona.name })}>
          <p>{failureText(failure)}</p>
        </Message>
      )}
    </li>
  );
}

function stepText(step: Step): string {
  switch (step) {
    case "password":
      return m.sandbox_step_password();
    case "waiting":
      return m.sandbox_step_waiting();
    case "confirming":
      return m.sandbox_step_confirming();
    case "done":
      return m.sandbox_step_done();
  }
}

function failureText({ kind, text }: Failure): string {
  switch (kind) {
    case "refused":
      return text ?? "";
    case "tooMany":
      return `${text} ${m.sandbox_too_many()}`;
    case "noSms":
      return m.sandbox_no_sms();
    case "unreachable":
      return m.sandbox_unreachable();
  }
}
