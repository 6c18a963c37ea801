/** The places of the portal in the order of the bars. */
import { paths } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import type { NavIconName } from "./NavIcon";

export interface Place {
  readonly href: string;
  readonly icon: NavIconName;
  readonly label: () => string;
}

export const overviewPlace: Place = {
  href: paths.overview,
  icon: "overview",
  label: m.shell_nav_overview,
};
export const contractsPlace: Place = {
  href: paths.contracts,
  icon: "contracts",
  label: m.shell_nav_contracts,
};
export const postboxPlace: Place = {
  href: paths.postbox,
  icon: "postbox",
  label: m.shell_nav_postbox,
};
export const servicesPlace: Place = {
  href: paths.services,
  icon: "services",
  label: m.shell_nav_services,
};
export const profilePlace: Place = {
  href: paths.profile,
  icon: "profile",
  label: m.shell_nav_profile,
};

/** Is `path` this place or a page under it? Savings accounts belong to the contracts. */
export function isAt(place: Place, path: string): boolean {
  if (place.href === "/") return path === "/";
  const isSavings = place.href === paths.contracts && path.startsWith("/konten");
  return isSavings || path === place.href || path.startsWith(`${place.href}/`);
}
