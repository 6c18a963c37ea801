/** How to reach somebody, on every page; and the way out while the two weeks last (F5). */

import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../graphql/graphql";
import { formatDate } from "../lib/format";
import { paths } from "../lib/paths";
import { telephoneHref } from "../lib/telephone";
import { m } from "../paraglide/messages.js";
import styles from "./Footer.module.css";

export const FooterFragment = graphql(`
  fragment Footer on Portal {
    customerService {
      name
      phone
      email
      hours
    }
  }
`);

export const FooterViewerFragment = graphql(`
  fragment FooterViewer on Viewer {
    userAgreement {
      lastWithdrawalDate
    }
  }
`);

interface FooterProps {
  readonly portal: FragmentOf<typeof FooterFragment>;
  readonly viewer: FragmentOf<typeof FooterViewerFragment> | null;
}

export function Footer({ portal, viewer }: FooterProps): JSX.Element {
  const lastDay = readFragment(FooterViewerFragment, viewer)?.userAgreement.lastWithdrawalDate;
  const { customerService } = readFragment(FooterFragment, portal);
  return (
    <footer class={styles.footer}>
      <div class={styles.inner}>
        <p>
          {customerService.name}:{" "}
          <a href={telephoneHref(customerService.phone)}>{customerService.phone}</a>
          <span class="muted"> ({customerService.hours})</span>
        </p>
        <p>
          <a href={`mailto:${customerService.email}`}>{customerService.email}</a>
        </p>
        <p>
          <a href={paths.help}>{m.shell_nav_help()}</a>
        </p>
        {lastDay && (
          <p>
            <a href={paths.withdraw}>{m.leaving_withdraw_footer({ date: formatDate(lastDay) })}</a>
          </p>
        )}
      </div>
    </footer>
  );
}
