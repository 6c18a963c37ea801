/** Every change that companies were asked for, the newest first; nothing is overwritten (F124). */
import { type FragmentOf, type ResultOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const DetailsChangesFragment = graphql(`
  fragment DetailsChanges on PersonalDetails {
    institution {
      id
      name
    }
    changes {
      id
      state
      before
      after
      changedAt
      refusedBecause
    }
  }
`);

type Change = ResultOf<typeof DetailsChangesFragment>["changes"][number];

export function DetailsChanges({
  details,
}: {
  readonly details: readonly FragmentOf<typeof DetailsChangesFragment>[];
}): JSX.Element | null {
  const changes = details
    .map((one) => readFragment(DetailsChangesFragment, one))
    .flatMap(({ institution, changes }) => changes.map((change) => ({ institution, ...change })))
    .sort((one, other) => (one.changedAt < other.changedAt ? 1 : -1));
  if (changes.length === 0) return null;
  return (
    <Section title={m.personal_details_changes()}>
      <Rows>
        {changes.map((change) => (
          <Row
            key={change.id}
            title={change.after}
            detail={[
              change.institution.name,
              change.before && m.personal_details_before({ details: change.before }),
              stateWords(change),
            ]
              .filter(Boolean)
              .join(" · ")}
            figureDetail={formatDate(change.changedAt)}
          />
        ))}
      </Rows>
      <p class="small">
        <a href={paths.submissions}>{m.services_submissions()}</a>
      </p>
    </Section>
  );
}

function stateWords({ state, refusedBecause }: Change): string {
  switch (state) {
    case "CONFIRMED":
      return m.personal_details_confirmed();
    case "PENDING":
      return m.personal_details_pending();
    case "REFUSED":
      return m.personal_details_refused({ reason: refusedBecause ?? "" });
  }
}
