/** The name that each company has, and the one that it was asked for. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { ComingChangeFragment, ComingRow, comingChanges } from "./ComingRow";
import { KnownRows } from "./KnownRows";
import { NotChangeable } from "./NotChangeable";

export const KnownNamesFragment = graphql(
  `
    fragment KnownNames on PersonalDetails {
      institution {
        id
        name
      }
      name {
        line
      }
      nameRefusal
      changes {
        id
        ...ComingChange
      }
    }
  `,
  [ComingChangeFragment],
);

interface KnownNamesProps {
  readonly details: readonly FragmentOf<typeof KnownNamesFragment>[];
  readonly today: string;
}

export function KnownNames({ details, today }: KnownNamesProps): JSX.Element {
  const known = details.map((one) => readFragment(KnownNamesFragment, one));
  const coming = known.flatMap(({ changes }) => comingChanges(changes, "NAME", today));
  return (
    <Section title={m.personal_details_name()}>
      <Rows>
        <KnownRows
          known={known.map(({ institution, name }) => ({
            line: name.line,
            institution: institution.name,
          }))}
        />
        {coming.map((change) => (
          <ComingRow key={change.id} change={change} />
        ))}
      </Rows>
      {known.some(({ nameRefusal }) => !nameRefusal) && (
        <div class="buttons">
          <Button kind="secondary" href={paths.changeName}>
            {m.personal_details_change_name()}
          </Button>
        </div>
      )}
      <NotChangeable
        refused={known.map(({ institution, nameRefusal }) => ({
          institution,
          reason: nameRefusal,
        }))}
        subject={m.personal_details_change_name()}
      />
    </Section>
  );
}
