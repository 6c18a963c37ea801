/** Help that cannot lie (M4): rendered from the rules that the portal applies. */
import { useQuery } from "@urql/preact";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { useLocale } from "../../lib/locale";
import { m } from "../../paraglide/messages.js";
import { Contact, ContactFragment } from "../../ui/Contact";
import { FailedState } from "../../ui/FailedState";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { HelpTopic, HelpTopicFragment } from "./HelpTopic";

const HelpQuery = graphql(
  `
    query Help($locale: Locale!) {
      portal {
        customerService {
          ...Contact
        }
      }
      policy {
        help(locale: $locale) {
          key
          ...HelpTopic
        }
      }
    }
  `,
  [ContactFragment, HelpTopicFragment],
);

export function HelpPage(): JSX.Element {
  const { locale } = useLocale();
  const [{ data, error }, execute] = useQuery({
    query: HelpQuery,
    variables: { locale: locale === "en" ? "EN" : "DE" },
  });
  return (
    <Page title={m.help_title()} lead={m.help_lead()}>
      {error && <FailedState error={error} onRetry={() => execute()} />}
      {!data && !error && <Skeleton rows={8} />}
      {data && (
        <div class="sections">
          {data.policy.help.map((topic) => (
            <HelpTopic key={topic.key} topic={topic} />
          ))}
          <Section title={m.help_contact()}>
            <Contact contact={data.portal.customerService} />
          </Section>
        </div>
      )}
    </Page>
  );
}
