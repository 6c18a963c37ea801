/** Who one can be here, what each person proves, and how to sign in as them. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { m } from "../paraglide/messages.js";
import { FailedState } from "../ui/FailedState";
import { Section } from "../ui/Section";
import { Skeleton } from "../ui/Skeleton";
import { CopyValue } from "./CopyValue";
import { PersonaItem } from "./PersonaItem";
import styles from "./PersonaList.module.css";
import { fetchPeople, type People } from "./sandboxApi";

export function PersonaList(): JSX.Element {
  const [people, setPeople] = useState<People | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [busyKey, setBusyKey] = useState<string | null>(null);
  const load = () => {
    setFailed(false);
    fetchPeople().then(setPeople, () => setFailed(true));
  };
  useEffect(load, []);
  return (
    <Section title={m.sandbox_people()}>
      {hasFailed && <FailedState onRetry={load} />}
      {!people && !hasFailed && <Skeleton rows={10} />}
      {people && (
        <>
          <p>{m.sandbox_people_text()}</p>
          <p class={styles.password}>
            <strong>{m.sandbox_password()}</strong>
            <CopyValue value={people.password} label={m.sandbox_copy_password()} />
          </p>
          <ul class={styles.people}>
            {people.personas.map((persona) => (
              <PersonaItem
                key={persona.key}
                persona={persona}
                password={people.password}
                isBlocked={busyKey !== null && busyKey !== persona.key}
                onBusy={(isBusy) => setBusyKey(isBusy ? persona.key : null)}
              />
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
