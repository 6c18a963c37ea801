/** The institutions' core systems: what came to them, and how they should misbehave. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatDateTime } from "../lib/format";
import { m } from "../paraglide/messages.js";
import { Message } from "../ui/Message";
import { Row } from "../ui/Row";
import { Rows } from "../ui/Rows";
import { Section } from "../ui/Section";
import { SelectField } from "../ui/SelectField";
import { type CoreFault, fetchCore, misbehave } from "./sandboxApi";
import { usePolled } from "./usePolled";

const FAULTS: Record<CoreFault, () => string> = {
  NONE: m.sandbox_core_fault_none,
  DOWN: m.sandbox_core_fault_down,
  SLOW: m.sandbox_core_fault_slow,
  BROKEN: m.sandbox_core_fault_broken,
  SILENT: m.sandbox_core_fault_silent,
  TWICE: m.sandbox_core_fault_twice,
  REFUSES: m.sandbox_core_fault_refuses,
  OUT_OF_ORDER: m.sandbox_core_fault_out_of_order,
  EARLY: m.sandbox_core_fault_early,
};

export function CorePanel(): JSX.Element {
  const { answer } = usePolled(fetchCore);
  const [chosen, setChosen] = useState<CoreFault | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const events = answer?.events ?? [];

  const choose = (fault: CoreFault) => {
    setChosen(fault);
    misbehave(fault).then(
      () => setFailed(false),
      () => setFailed(true),
    );
  };

  return (
    <Section title={m.sandbox_core()}>
      <SelectField
        name="coreFault"
        label={m.sandbox_core_fault()}
        value={chosen ?? answer?.fault ?? "NONE"}
        options={Object.entries(FAULTS).map(([value, label]) => ({ value, label: label() }))}
        onChange={(fault) => choose(fault as CoreFault)}
      />
      {hasFailed && (
        <Message kind="danger" isAlert>
          <p>{m.sandbox_not_reached()}</p>
        </Message>
      )}
      {events.length === 0 && <p class="muted">{m.sandbox_core_empty()}</p>}
      {events.length > 0 && (
        <Rows label={m.sandbox_core_events()}>
          {events.map(({ id, kind, institution, occurredAt, count }) => (
            <Row
              key={id}
              title={kind}
              detail={`${institution} · ${formatDateTime(occurredAt)}`}
              figure={m.sandbox_core_count({ count: String(count) })}
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}
