/** The address that each company has, and the one that it was asked for. */
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

export const KnownAddressesFragment = graphql(
  `
    fragment KnownAddresses on PersonalDetails {
      institution {
        id
        name
      }
      address {
        line
      }
      addressRefusal
      changes {
        id
        ...ComingChange
      }
    }
  `,
  [ComingChangeFragment],
);

interface KnownAddressesProps {
  readonly details: readonly FragmentOf<typeof KnownAddressesFragment>[];
  readonly today: string;
}

export function KnownAddresses({ details, today }: KnownAddressesProps): JSX.Element {
  const known = details.map((one) => readFragment(KnownAddressesFragment, one));
  const coming = known.flatMap(({ changes }) => comingChanges(changes, "ADDRESS", today));
  const isChangeable = known.some(({ addressRefusal }) => !addressRefusal);
  return (
    <Section title={m.personal_details_address()}>
      <Rows>
        <KnownRows
          known={known.map(({ institution, address }) => ({
            line: address?.line ?? null,
            institution: institution.name,
          }))}
        />
        {coming.map((change) => (
          <ComingRow key={change.id} change={change} />
        ))}
      </Rows>
      <NotChangeable
        refused={known.map(({ institution, addressRefusal }) => ({
          institution,
          reason: addressRefusal,
        }))}
        subject={m.personal_details_change_address()}
      />
      {isChangeable && (
        <div class="buttons">
          <Button kind="secondary" href={paths.changeAddress}>
            {m.personal_details_change_address()}
          </Button>
        </div>
      )}
    </Section>
  );
}
