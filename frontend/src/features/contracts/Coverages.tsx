/** The parts a contract consists of, with their sums. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatMoney } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Money } from "../../ui/Money";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const CoveragesFragment = graphql(`
  fragment Coverages on InsuranceContract {
    coverages {
      name
      sumInsured {
        amount
        currency
      }
      deductible {
        amount
        currency
      }
      premium {
        amount
        currency
      }
    }
  }
`);

export function Coverages({
  contract,
}: {
  readonly contract: FragmentOf<typeof CoveragesFragment>;
}): JSX.Element | null {
  const { coverages } = readFragment(CoveragesFragment, contract);
  if (coverages.length === 0) return null;
  return (
    <Section title={m.contracts_coverages()}>
      <Rows>
        {coverages.map(({ name, sumInsured, deductible, premium }) => (
          <Row
            key={`${name} ${sumInsured?.amount} ${premium?.amount}`}
            title={name}
            figure={sumInsured && <Money {...sumInsured} />}
            detail={
              deductible &&
              m.contracts_coverage_deductible({
                amount: formatMoney(deductible.amount, deductible.currency),
              })
            }
            figureDetail={
              premium &&
              m.contracts_coverage_premium({
                amount: formatMoney(premium.amount, premium.currency),
              })
            }
          />
        ))}
      </Rows>
    </Section>
  );
}
