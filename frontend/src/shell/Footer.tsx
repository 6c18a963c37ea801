/** How to reach somebody, on every page. */

import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../graphql/graphql";
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

export function Footer({
  portal,
}: {
  readonly portal: FragmentOf<typeof FooterFragment>;
}): JSX.Element {
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
      </div>
    </footer>
  );
}
