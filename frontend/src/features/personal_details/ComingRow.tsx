/** What a company was asked for and does not have yet. */
import { type FragmentOf, type ResultOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";

export const ComingChangeFragment = graphql(`
  fragment ComingChange on PersonalDetailsChange {
    id
    kind
    state
    after
    effectiveDate
    institution {
      id
      name
    }
  }
`);

type Change = ResultOf<typeof ComingChangeFragment>;

/** Those without an answer, and those whose first day is still to come. */
export function comingChanges(
  changes: readonly FragmentOf<typeof ComingChangeFragment>[],
  kind: Change["kind"],
  today: string,
): Change[] {
  return changes
    .map((change) => readFragment(ComingChangeFragment, change))
    .filter(
      (change) =>
        change.kind === kind &&
        (change.state === "PENDING" ||
          (change.state === "CONFIRMED" && change.effectiveDate > today)),
    );
}

export function ComingRow({ change }: { readonly change: Change }): JSX.Element {
  const date = formatDate(change.effectiveDate);
  const state =
    change.state === "CONFIRMED"
      ? m.personal_details_confirmed_from({ date })
      : m.personal_details_asked_from({ date });
  return (
    <Row
      title={m.personal_details_new({ details: change.after })}
      detail={`${change.institution.name} · ${state}`}
    />
  );
}
