/** "Versandweg Ihrer Briefe": how letters of each institution come, changed where it stands (F27–F31, F107). */
import type { JSX } from "preact";
import { useContext } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { LocaleContext } from "../../lib/locale";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { DeliveryChoice, DeliveryChoiceFragment } from "./DeliveryChoice";

const DeliveryQuery = graphql(
  `
    query Delivery($locale: Locale!) {
      viewer {
        id
        deliveryPreferences {
          institution {
            id
          }
          ...DeliveryChoice
        }
      }
    }
  `,
  [DeliveryChoiceFragment],
);

export function DeliveryPage(): JSX.Element {
  const { locale } = useContext(LocaleContext);
  return (
    <Page
      title={m.profile_delivery_title()}
      lead={m.consents_delivery_lead()}
      back={{ href: paths.settings, label: m.profile_settings() }}
    >
      <ViewerQuery
        query={DeliveryQuery}
        variables={{ locale: locale === "de" ? "DE" : "EN" }}
        pending={<Skeleton rows={6} />}
      >
        {({ deliveryPreferences }) =>
          deliveryPreferences.length === 0 ? (
            <EmptyState title={m.profile_delivery_none()}>
              <p>
                <Button href={paths.addContracts}>{m.contracts_add()}</Button>
              </p>
            </EmptyState>
          ) : (
            <div class="sections">
              {deliveryPreferences.map((preference) => (
                <DeliveryChoice key={preference.institution.id} preference={preference} />
              ))}
              <p>
                <a href={paths.settingsHistory}>{m.consents_history_link()}</a>
              </p>
            </div>
          )
        }
      </ViewerQuery>
    </Page>
  );
}
