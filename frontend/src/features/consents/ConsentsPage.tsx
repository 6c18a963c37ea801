/** "Zustimmung und Einwilligungen" → "Bearbeiten": each consent given and taken back where it stands (F19, F77). */
import type { JSX } from "preact";
import { useContext } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { LocaleContext } from "../../lib/locale";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ConsentChoice, ConsentChoiceFragment } from "./ConsentChoice";

const ConsentsQuery = graphql(
  `
    query Consents($locale: Locale!) {
      viewer {
        id
        emailAddress
        consents {
          id
          ...ConsentChoice
        }
      }
    }
  `,
  [ConsentChoiceFragment],
);

export function ConsentsPage(): JSX.Element {
  const { locale } = useContext(LocaleContext);
  return (
    <Page
      title={m.profile_consents_title()}
      lead={m.consents_lead()}
      back={{ href: paths.settings, label: m.profile_settings() }}
    >
      <ViewerQuery
        query={ConsentsQuery}
        variables={{ locale: locale === "de" ? "DE" : "EN" }}
        pending={<Skeleton rows={8} shape="text" />}
      >
        {({ consents, emailAddress }) => (
          <div class="sections">
            {consents.map((consent) => (
              <ConsentChoice key={consent.id} consent={consent} emailAddress={emailAddress} />
            ))}
            <p>
              <a href={paths.settingsHistory}>{m.consents_history_link()}</a>
            </p>
          </div>
        )}
      </ViewerQuery>
    </Page>
  );
}
