/** Phone, mail and hours of somebody who can help. */

import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../graphql/graphql";
import { telephoneHref } from "../lib/telephone";
import { m } from "../paraglide/messages.js";
import { DataList } from "./DataList";

export const ContactFragment = graphql(`
  fragment Contact on ContactPoint {
    name
    phone
    email
    hours
  }
`);

export function Contact({
  contact,
}: {
  readonly contact: FragmentOf<typeof ContactFragment>;
}): JSX.Element {
  const { name, phone, email, hours } = readFragment(ContactFragment, contact);
  return (
    <DataList
      items={[
        [m.common_contact_service(), name],
        [
          m.common_contact_phone(),
          <a key="phone" href={telephoneHref(phone)}>
            {phone}
          </a>,
        ],
        [
          m.common_contact_email(),
          <a key="email" href={`mailto:${email}`}>
            {email}
          </a>,
        ],
        [m.common_contact_hours(), hours],
      ]}
    />
  );
}
