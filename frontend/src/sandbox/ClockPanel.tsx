/** What time it is here, and ways to another time. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { m } from "../paraglide/messages.js";
import { Button } from "../ui/Button";
import { ErrorSummary } from "../ui/ErrorSummary";
import { Field } from "../ui/Field";
import { Message } from "../ui/Message";
import { Section } from "../ui/Section";
import {
  beforeMidnight,
  beginning,
  daysLater,
  instantOf,
  monthLater,
  type Wall,
  wallOf,
} from "./berlinTime";
import styles from "./ClockPanel.module.css";
import { Now, nowText } from "./Now";
import { fetchTime, type Time, travelTo } from "./sandboxApi";
import { usePolled } from "./usePolled";

export function ClockPanel(): JSX.Element {
  const { answer } = usePolled(fetchTime);
  const [typed, setTyped] = useState<Wall>({ date: "", time: "09:00" });
  const [problems, setProblems] = useState<{ field?: string; message: string }[]>([]);
  const [arrived, setArrived] = useState<Time | null>(null);
  const [hasFailed, setFailed] = useState(false);

  const travel = (wall: Wall) => {
    const instant = instantOf(wall);
    if (!instant) {
      setProblems([{ field: "date", message: m.sandbox_clock_bad() }]);
      return;
    }
    setProblems([]);
    setFailed(false);
    travelTo(instant).then(setArrived, () => setFailed(true));
  };
  const fromNow = (next: (now: Wall) => Wall) => async () => {
    try {
      travel(next(wallOf(new Date((await fetchTime()).now))));
    } catch {
      setFailed(true);
    }
  };

  return (
    <Section title={m.sandbox_clock()}>
      <Now time={latest(answer, arrived)} />
      <p role="status" class="visually-hidden">
        {arrived && m.sandbox_clock_arrived({ time: nowText(arrived.now) })}
      </p>
      <div class={styles.ways}>
        <Button kind="secondary" onClick={fromNow((now) => daysLater(now, 1))}>
          {m.sandbox_clock_day()}
        </Button>
        <Button kind="secondary" onClick={fromNow(monthLater)}>
          {m.sandbox_clock_month()}
        </Button>
        <Button kind="secondary" onClick={fromNow(beforeMidnight)}>
          {m.sandbox_clock_midnight()}
        </Button>
        <Button kind="secondary" onClick={() => travel(beginning)}>
          {m.sandbox_clock_beginning()}
        </Button>
      </div>
      <form
        class={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          travel(typed);
        }}
      >
        <ErrorSummary errors={problems} />
        <div class={styles.fields}>
          <Field
            name="date"
            label={m.sandbox_clock_date()}
            type="date"
            value={typed.date}
            onInput={(date) => setTyped({ ...typed, date })}
            error={problems[0]?.message}
          />
          <Field
            name="time"
            label={m.sandbox_clock_time()}
            type="time"
            value={typed.time}
            onInput={(time) => setTyped({ ...typed, time })}
          />
        </div>
        <div>
          <Button type="submit" kind="secondary">
            {m.sandbox_clock_travel()}
          </Button>
        </div>
      </form>
      {hasFailed && (
        <Message kind="danger" isAlert>
          <p>{m.sandbox_not_reached()}</p>
        </Message>
      )}
      <p class="muted small">{m.sandbox_clock_text()}</p>
    </Section>
  );
}

/** Polling and travelling both tell the time; the later answer counts. */
function latest(polled: Time | null, arrived: Time | null): Time | null {
  return arrived && (!polled || polled.askedAt < arrived.askedAt) ? arrived : polled;
}
