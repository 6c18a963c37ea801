/** Shows the code, asks now and then whether the old device has approved, and then proves this one. */
import { useMutation } from "@urql/preact";
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useDeviceProof } from "../../graphql/deviceProof";
import { graphql } from "../../graphql/graphql";
import { problemText, RefusalFragment } from "../../graphql/refusal";
import { assuranceLevels } from "../../lib/assuranceLevels";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import styles from "./DeviceHandover.module.css";
import { HandoverCode } from "./HandoverCode";

export const DeviceHandoverFragment = graphql(`
  fragment DeviceHandover on Device {
    assuranceLevel
    tookOverAt
  }
`);

const StartDeviceReplacementMutation = graphql(
  `
    mutation StartDeviceReplacement {
      startDeviceReplacement {
        __typename
        ... on DeviceReplacementStarted {
          link
          expiresAt
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface Code {
  readonly link: string;
  readonly expiresAt: string;
  /** What was taken over before counts no more. */
  readonly tookOverAt: string | null;
}

interface DeviceHandoverProps {
  readonly device: FragmentOf<typeof DeviceHandoverFragment>;
  readonly emailAddress: string;
  readonly onPoll: () => void;
}

export function DeviceHandover({
  device: given,
  emailAddress,
  onPoll,
}: DeviceHandoverProps): JSX.Element {
  const { assuranceLevel, tookOverAt } = readFragment(DeviceHandoverFragment, given);
  const [{ fetching }, start] = useMutation(StartDeviceReplacementMutation);
  const proveDevice = useDeviceProof();
  const [code, setCode] = useState<Code | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const isDone = code !== null && tookOverAt !== code.tookOverAt;
  const [proof, setProof] = useState<"open" | "given" | "failed">("open");
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the old device has approved
  useEffect(() => {
    if (!isDone) return;
    proveDevice(emailAddress)
      .catch(() => null)
      .then((level) => setProof(level ? "given" : "failed"));
  }, [isDone]);

  const show = async () => {
    setProblem(null);
    const result = (await start({})).data?.startDeviceReplacement;
    if (result?.__typename === "DeviceReplacementStarted") {
      return setCode({ link: result.link, expiresAt: result.expiresAt, tookOverAt });
    }
    setProblem(problemText(result));
  };

  // Nobody should go on before this session has the level that is announced.
  if (isDone && proof === "open") {
    return (
      <p role="status" aria-busy="true">
        {m.devices_new_finishing()}
      </p>
    );
  }
  if (isDone) {
    return (
      <Message kind="success" title={m.devices_new_done_title()} takesFocus>
        <p>{m.devices_new_done_text({ level: assuranceLevels[assuranceLevel]() })}</p>
        {proof === "failed" && <p>{m.devices_new_next_time()}</p>}
      </Message>
    );
  }
  return (
    <div class="stack">
      <ol class={styles.steps}>
        <li>{m.devices_new_step_one()}</li>
        <li>{m.devices_new_step_two()}</li>
        <li>{m.devices_new_step_three()}</li>
      </ol>
      {problem && (
        <Message kind="danger" isAlert>
          <p>{problem}</p>
        </Message>
      )}
      {code && <HandoverCode link={code.link} expiresAt={code.expiresAt} onPoll={onPoll} />}
      <div>
        <Button kind={code ? "secondary" : "primary"} isBusy={fetching} onClick={() => void show()}>
          {code ? m.devices_new_again() : m.devices_new_show()}
        </Button>
      </div>
    </div>
  );
}
