/** Line icons of the bar on phones. */
import type { JSX } from "preact";

export type NavIconName = "overview" | "contracts" | "postbox" | "services" | "profile";

const shapes: Record<NavIconName, string> = {
  overview: "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9",
  contracts: "M7 4h7l4 4v12H7zM14 4v4h4M10 12.5h5M10 16h5",
  postbox: "M4 6.5h16v11H4zM4 7.5l8 6 8-6",
  services: "M5 7h14M5 12h14M5 17h9",
  profile:
    "M12 4.5a3.7 3.7 0 1 1 0 7.4 3.7 3.7 0 0 1 0-7.4M4.8 20c.8-3.9 3.6-6 7.2-6s6.4 2.1 7.2 6",
};

export function NavIcon({ name }: { readonly name: NavIconName }): JSX.Element {
  return (
    <svg
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={shapes[name]} />
    </svg>
  );
}
