/** "Mitteilungen auf diesem Gerät": whether this browser shows that there is news, and which others do (X3). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { m } from "../../paraglide/messages.js";
import { OutcomeMessage } from "../../ui/OutcomeMessage";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { PushElsewhere, PushElsewhereFragment } from "./PushElsewhere";
import { PushSwitch } from "./PushSwitch";
import { usePush } from "./usePush";

export const PushNoticesFragment = graphql(
  `
    fragment PushNotices on Viewer {
      id
      pushSubscriptions {
        id
        isCurrent
        ...PushElsewhere
      }
    }
  `,
  [PushElsewhereFragment],
);

interface PushNoticesProps {
  readonly viewer: FragmentOf<typeof PushNoticesFragment>;
  /** What the browser subscribes with. */
  readonly pushKey: string;
  readonly onChanged: () => void;
}

export function PushNotices({ viewer, pushKey, onChanged }: PushNoticesProps): JSX.Element {
  const { id: account, pushSubscriptions } = readFragment(PushNoticesFragment, viewer);
  const { here, isBusy, outcome, turnOn, turnOff } = usePush(account, onChanged);
  const current = pushSubscriptions.find(({ isCurrent }) => isCurrent);
  const others = pushSubscriptions.filter(({ isCurrent }) => !isCurrent);
  return (
    <Section title={m.push_title()}>
      <p>{m.push_text()}</p>
      <OutcomeMessage outcome={outcome} />
      {here ? (
        <PushSwitch
          here={here}
          isBusy={isBusy}
          onTurnOn={() => void turnOn(pushKey)}
          onTurnOff={() => void turnOff(current?.id)}
        />
      ) : (
        <Skeleton rows={1} shape="text" />
      )}
      {others.length > 0 && <PushElsewhere subscriptions={others} onChanged={onChanged} />}
    </Section>
  );
}
