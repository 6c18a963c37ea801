/** "Vertrag widerrufen": what will be declared, to whom, and what follows (F5, § 356a BGB). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { formatDate } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { DataList } from "../../ui/DataList";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { UnsentClaims } from "../../ui/UnsentClaims";
import { ConfirmWithdrawal } from "./ConfirmWithdrawal";

const WithdrawPageQuery = graphql(`
  query WithdrawPage {
    portal {
      groupName
    }
    viewer {
      id
      displayName
      emailAddress
      userAgreement {
        concludedAt
        lastWithdrawalDate
      }
    }
  }
`);

export function WithdrawPage(): JSX.Element {
  return (
    <Page
      title={m.leaving_withdraw_title()}
      lead={m.leaving_withdraw_lead()}
      back={{ href: paths.settings, label: m.profile_settings() }}
    >
      <ViewerQuery query={WithdrawPageQuery} variables={{}} pending={<Skeleton rows={4} />}>
        {({ id, displayName, emailAddress, userAgreement }, { data }) =>
          userAgreement.lastWithdrawalDate === null ? (
            <Message kind="info" title={m.leaving_withdraw_over_title()}>
              <p>{m.leaving_withdraw_over_text()}</p>
              <div>
                <Button kind="secondary" href={paths.deleteAccount}>
                  {m.leaving_delete_title()}
                </Button>
              </div>
            </Message>
          ) : (
            <div class="sections">
              <Section title={m.leaving_declaration_title()}>
                <DataList
                  items={[
                    [m.leaving_declaration_who(), displayName],
                    [
                      m.leaving_declaration_what(),
                      m.leaving_declaration_agreement({
                        group: data.portal.groupName,
                        date: formatDate(userAgreement.concludedAt),
                      }),
                    ],
                    [m.leaving_declaration_receipt(), emailAddress],
                    [m.leaving_declaration_until(), formatDate(userAgreement.lastWithdrawalDate)],
                  ]}
                />
              </Section>
              <Section title={m.leaving_consequences_title()}>
                <p>{m.leaving_consequences_text()}</p>
                <p>
                  <a href={paths.takeData}>{m.leaving_consequences_take()}</a>
                </p>
              </Section>
              <UnsentClaims account={id} areLost />
              <ConfirmWithdrawal account={id} />
            </div>
          )
        }
      </ViewerQuery>
    </Page>
  );
}
