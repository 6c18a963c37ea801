/** Technical data in groups, and the text that leaves the house if the customer wants it to. */
import type { ResultOf } from "gql.tada";
import { graphql } from "../../graphql/graphql";
import type { DeviceFacts } from "../../lib/deviceFacts";
import { formatDateTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";

export const DiagnosticsFragment = graphql(`
  fragment Diagnostics on Diagnostics {
    customerNumbers {
      number
      institution {
        id
        name
      }
    }
    deviceName
    network
    portalVersion
    checkedAt
  }
`);

export interface DiagnosticsGroup {
  readonly key: "numbers" | "device" | "connection";
  readonly title: string;
  /** What to say when there are no items. */
  readonly empty: string;
  readonly items: readonly (readonly [name: string, value: string])[];
}

type Known = ResultOf<typeof DiagnosticsFragment>;

export function diagnosticsGroups(known: Known, device: DeviceFacts): readonly DiagnosticsGroup[] {
  return [
    {
      key: "numbers",
      title: m.support_numbers(),
      empty: m.support_numbers_none(),
      items: given([...numbersByInstitution(known)]),
    },
    { key: "device", title: m.support_device(), empty: "", items: deviceItems(known, device) },
    {
      key: "connection",
      title: m.support_connection(),
      empty: "",
      items: connectionItems(known, device),
    },
  ];
}

/** Groups as plain text, in the customer's language: what is shown before sending is what is sent. */
export function writtenGroups(groups: readonly DiagnosticsGroup[]): string {
  return groups
    .map(({ title, items }) => [title, ...items.map((item) => item.join(": "))].join("\n"))
    .join("\n\n");
}

function numbersByInstitution(known: Known): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { institution, number } of known.customerNumbers) {
    const before = found.get(institution.name);
    found.set(institution.name, before ? `${before}, ${number}` : number);
  }
  return found;
}

function deviceItems(known: Known, device: DeviceFacts): DiagnosticsGroup["items"] {
  return given([
    [m.support_portal_version(), known.portalVersion],
    [m.support_app_file(), device.appFile],
    [m.support_installed(), yesOrNo(device.isInstalled)],
    [m.support_recognised(), known.deviceName],
    [m.support_user_agent(), device.userAgent],
    [m.support_screen(), device.screen],
    [m.support_window(), device.window],
    [m.support_touch(), yesOrNo(device.hasTouch)],
    [m.support_dark(), yesOrNo(device.isDark)],
    [m.support_cores(), device.cores && String(device.cores)],
    [m.support_languages(), device.languages],
    [m.support_time_zone(), device.timeZone],
  ]);
}

function connectionItems(known: Known, device: DeviceFacts): DiagnosticsGroup["items"] {
  return given([
    [m.support_address(), device.address],
    [m.support_online(), yesOrNo(device.isOnline)],
    [m.support_speed(), device.speed],
    [m.support_protocol(), device.protocol],
    [m.support_loaded_in(), device.loadedIn === null ? null : `${device.loadedIn} ms`],
    [m.support_network(), known.network],
    [m.support_device_time(), formatDateTime(device.readAt)],
    [m.support_portal_time(), formatDateTime(known.checkedAt)],
  ]);
}

function given(
  items: readonly (readonly [string, string | number | null])[],
): DiagnosticsGroup["items"] {
  return items.flatMap(([name, value]) => (value ? [[name, visible(String(value))] as const] : []));
}

/** The server takes visible characters only, so nothing else is shown here either. */
function visible(value: string): string {
  return value.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
}

function yesOrNo(is: boolean): string {
  return is ? m.support_yes() : m.support_no();
}
