/** One of the two texts as a whole, for everybody (F2, F3). */
import type { JSX } from "preact";
import { formatDate } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { FailedState } from "../../ui/FailedState";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { useForgettingDraft } from "./registrationDraft";
import styles from "./TermsPage.module.css";
import { type TermsBlock, termsBlocks } from "./termsText";
import { type Terms, useTerms } from "./useTerms";

export function TermsPage({ kind }: { readonly kind: Terms["kind"] }): JSX.Element {
  const { terms, error, refetch } = useTerms();
  useForgettingDraft();
  const shown = terms?.find((text) => text.kind === kind);
  const back = { href: paths.register, label: m.registration_title() };
  if (!shown) {
    return (
      <Page title={m.registration_terms()} back={back}>
        {error ? (
          <FailedState error={error} onRetry={refetch} />
        ) : (
          <Skeleton rows={8} shape="text" />
        )}
      </Page>
    );
  }
  const { version, startDate } = shown;
  return (
    <Page
      title={shown.title}
      lead={m.registration_terms_version({ version, date: formatDate(startDate) })}
      back={back}
    >
      <div class={styles.text}>{termsBlocks(shown.text).map(block)}</div>
    </Page>
  );
}

function block(part: TermsBlock): JSX.Element {
  if (part.kind === "heading") return <h2 key={part.text}>{part.text}</h2>;
  const text = part.lines.join("\n");
  return <p key={text}>{text}</p>;
}
