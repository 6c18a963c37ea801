/** The bar at the thumb on phones: Postfach beside Übersicht's row (F23). */

import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { m } from "../paraglide/messages.js";
import styles from "./BottomBar.module.css";
import { NavIcon } from "./NavIcon";
import {
  contractsPlace,
  isAt,
  overviewPlace,
  postboxPlace,
  profilePlace,
  servicesPlace,
} from "./navigation";
import { UnreadBadge } from "./UnreadBadge";

const places = [overviewPlace, contractsPlace, postboxPlace, servicesPlace, profilePlace];

export function BottomBar({ unreadCount }: { readonly unreadCount: number }): JSX.Element {
  const { path } = useLocation();
  return (
    <nav class={styles.bar} aria-label={m.shell_nav_main()}>
      <ul>
        {places.map((place) => (
          <li key={place.href}>
            <a href={place.href} aria-current={isAt(place, path) ? "page" : undefined}>
              <span class={styles.icon}>
                <NavIcon name={place.icon} />
                {place === postboxPlace && <UnreadBadge count={unreadCount} />}
              </span>
              {place.label()}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
