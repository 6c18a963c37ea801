/** "Sofort sperren": one press and one question, then what happened lately and the way back (F72). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { AccountLocked, type LockOutcome } from "./AccountLocked";
import { LockAccount } from "./LockAccount";

const LockAccountQuery = graphql(`
  query LockAccount {
    viewer {
      id
    }
  }
`);

export function LockAccountPage(): JSX.Element {
  // Once it is locked there is no viewer any more: the answer is all that is left to show.
  const [locked, setLocked] = useState<LockOutcome | null>(null);
  if (locked) return <AccountLocked outcome={locked} />;
  return (
    <Page
      title={m.lock_title()}
      lead={m.lock_lead()}
      back={{ href: paths.security, label: m.profile_security() }}
    >
      <ViewerQuery query={LockAccountQuery} variables={{}} pending={<Skeleton rows={3} />}>
        {() => <LockAccount onLocked={setLocked} />}
      </ViewerQuery>
    </Page>
  );
}
