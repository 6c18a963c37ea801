/** Brand at the left; language, appearance and the round person icon at the right. */

import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../graphql/graphql";
import { paths } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { BrandMark } from "../ui/BrandMark";
import styles from "./Header.module.css";
import { LanguageSwitch } from "./LanguageSwitch";
import { MainNavigation } from "./MainNavigation";
import { PersonIcon } from "./PersonIcon";
import { ThemeSwitch } from "./ThemeSwitch";

export const HeaderPortalFragment = graphql(`
  fragment HeaderPortal on Portal {
    groupName
  }
`);

export const HeaderViewerFragment = graphql(`
  fragment HeaderViewer on Viewer {
    displayName
  }
`);

interface HeaderProps {
  readonly portal: FragmentOf<typeof HeaderPortalFragment> | null;
  readonly viewer: FragmentOf<typeof HeaderViewerFragment> | null;
  readonly unreadCount: number;
  readonly showsNavigation: boolean;
}

export function Header({ portal, viewer, unreadCount, showsNavigation }: HeaderProps): JSX.Element {
  const name = portal ? readFragment(HeaderPortalFragment, portal).groupName : m.shell_portal();
  const person = viewer ? readFragment(HeaderViewerFragment, viewer).displayName : null;
  return (
    <header class={styles.header}>
      <div class={styles.inner}>
        <a class={styles.brand} href={paths.overview} aria-label={m.shell_brand_home({ name })}>
          <BrandMark />
          <span>{name}</span>
        </a>
        {showsNavigation && <MainNavigation unreadCount={unreadCount} />}
        <div class={styles.tools}>
          <LanguageSwitch />
          <ThemeSwitch />
          {person && (
            <a
              class={styles.person}
              href={paths.profile}
              aria-label={m.shell_profile_of({ name: person })}
              title={person}
            >
              <PersonIcon />
            </a>
          )}
        </div>
      </div>
    </header>
  );
}
