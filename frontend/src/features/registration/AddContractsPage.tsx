/** "Verträge hinzufügen": a customer number and the code that came by letter (F1). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Contact, ContactFragment } from "../../ui/Contact";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { ReceiptLink } from "../../ui/ReceiptLink";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import {
  CustomerNumberForm,
  CustomerNumberFormFragment,
  type CustomerNumberLinked,
} from "./CustomerNumberForm";

const AddContractsQuery = graphql(
  `
    query AddContracts {
      portal {
        customerService {
          ...Contact
        }
      }
      institutions {
        id
        ...CustomerNumberForm
      }
      viewer {
        id
      }
    }
  `,
  [ContactFragment, CustomerNumberFormFragment],
);

export function AddContractsPage(): JSX.Element {
  const [linked, setLinked] = useState<CustomerNumberLinked | null>(null);
  if (linked) {
    return (
      <Page key="done" title={m.registration_linked_title()}>
        <Message kind="success">
          <p>{m.registration_linked_text({ institution: linked.institution.name })}</p>
          <ReceiptLink receipt={linked.receipt} />
        </Message>
        <div class="buttons">
          <Button href={paths.contracts}>{m.registration_to_contracts()}</Button>
          <Button kind="secondary" onClick={() => setLinked(null)}>
            {m.registration_link_another()}
          </Button>
        </div>
      </Page>
    );
  }
  return (
    <Page
      key="form"
      title={m.contracts_add()}
      lead={m.registration_link_lead()}
      back={{ href: paths.overview, label: m.overview_title() }}
    >
      <ViewerQuery query={AddContractsQuery} variables={{}} pending={<Skeleton rows={5} />}>
        {(_viewer, { data }) => (
          <div class="sections">
            <CustomerNumberForm institutions={data.institutions} onLinked={setLinked} />
            <Section title={m.registration_no_letter()}>
              <p>{m.registration_no_letter_text()}</p>
              <Contact contact={data.portal.customerService} />
            </Section>
          </div>
        )}
      </ViewerQuery>
    </Page>
  );
}
