/** The page of an insurance contract once it is there. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import {
  contractStatusName,
  lineOfBusinessName,
  paymentFrequencyName,
} from "../../lib/contractWords";
import { contractPostPath, newClaimPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Contact, ContactFragment } from "../../ui/Contact";
import { DataList } from "../../ui/DataList";
import { DateText } from "../../ui/DateText";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Coverages, CoveragesFragment } from "./Coverages";
import { InsuranceDetails, InsuranceDetailsFragment } from "./InsuranceDetails";
import { PremiumPayment, PremiumPaymentFragment } from "./PremiumPayment";

export const InsuranceViewFragment = graphql(
  `
    fragment InsuranceView on InsuranceContract {
      id
      number
      productName
      status
      startDate
      endDate
      lineOfBusiness
      paymentFrequency
      nextDueDate
      insuredPersons
      premium {
        amount
        currency
      }
      institution {
        id
        name
        contact {
          ...Contact
        }
      }
      details {
        __typename
        ...InsuranceDetails
      }
      ...Coverages
      ...PremiumPayment
    }
  `,
  [ContactFragment, InsuranceDetailsFragment, CoveragesFragment, PremiumPaymentFragment],
);

/** Whether anything can be handed in, and what, the server says there (F50 F51). */
const TAKES_CLAIMS: ReadonlySet<string> = new Set(["HEALTH", "TRAVEL_HEALTH"]);

interface InsuranceViewProps {
  readonly contract: FragmentOf<typeof InsuranceViewFragment>;
  readonly back: { readonly href: string; readonly label: string };
}

export function InsuranceView({ contract, back }: InsuranceViewProps): JSX.Element {
  const read = readFragment(InsuranceViewFragment, contract);
  const line = lineOfBusinessName(read.lineOfBusiness);
  const frequency = paymentFrequencyName(read.paymentFrequency);
  return (
    <Page title={read.productName ?? line} lead={read.institution.name} back={back}>
      <div class="sections">
        <DataList
          items={[
            [m.contracts_kind(), read.productName ? line : null],
            [m.contracts_number(), read.number],
            [m.contracts_status(), contractStatusName(read.status)],
            [m.contracts_start(), read.startDate && <DateText date={read.startDate} />],
            [m.contracts_end(), read.endDate && <DateText date={read.endDate} />],
            [
              m.contracts_premium(),
              read.premium && (
                <>
                  <Money {...read.premium} /> {frequency}
                </>
              ),
            ],
            [m.contracts_next_due(), read.nextDueDate && <DateText date={read.nextDueDate} />],
            [m.contracts_insured(), read.insuredPersons.join(", ")],
          ]}
        />
        {read.details && <InsuranceDetails details={read.details} />}
        <Coverages contract={read} />
        <PremiumPayment contract={read} />
        {TAKES_CLAIMS.has(read.lineOfBusiness) && (
          <div>
            <Button href={newClaimPath(read.id)}>{m.claims_new()}</Button>
          </div>
        )}
        <p>
          <a href={contractPostPath(read.id)}>{m.contracts_letters()}</a>
        </p>
        <Section title={m.contracts_help_title()}>
          <Contact contact={read.institution.contact} />
        </Section>
      </div>
    </Page>
  );
}
