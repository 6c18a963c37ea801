/** The bar in the header on wide screens. */

import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { m } from "../paraglide/messages.js";
import styles from "./MainNavigation.module.css";
import { contractsPlace, isAt, overviewPlace, postboxPlace, servicesPlace } from "./navigation";
import { UnreadBadge } from "./UnreadBadge";

const places = [overviewPlace, contractsPlace, postboxPlace, servicesPlace];

export function MainNavigation({ unreadCount }: { readonly unreadCount: number }): JSX.Element {
  const { path } = useLocation();
  return (
    <nav class={styles.nav} aria-label={m.shell_nav_main()}>
      <ul>
        {places.map((place) => (
          <li key={place.href}>
            <a href={place.href} aria-current={isAt(place, path) ? "page" : undefined}>
              {place.label()}
              {place === postboxPlace && <UnreadBadge count={unreadCount} />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
