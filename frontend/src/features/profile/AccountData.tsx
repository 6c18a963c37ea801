/** "Ihre Kontodaten": what signs in and where messages go, each with its "Ändern" (F18). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const AccountDataFragment = graphql(`
  fragment AccountData on Viewer {
    displayName
    emailAddress
    maskedPhoneNumber
  }
`);

export function AccountData({
  viewer,
}: {
  readonly viewer: FragmentOf<typeof AccountDataFragment>;
}): JSX.Element {
  const { displayName, emailAddress, maskedPhoneNumber } = readFragment(
    AccountDataFragment,
    viewer,
  );
  const changeable: [title: string, value: string, href: string][] = [
    [m.profile_email(), emailAddress, paths.changeEmailAddress],
    [m.profile_password(), m.profile_password_hidden(), paths.changePassword],
    [m.profile_phone(), maskedPhoneNumber, paths.changePhoneNumber],
  ];
  return (
    <Section title={m.profile_account_title()}>
      <Rows>
        <Row
          title={m.profile_name()}
          detail={displayName}
          action={
            <Button kind="quiet" href={paths.personalDetails}>
              {m.common_change()}
              <span class="visually-hidden"> {m.profile_name()}</span>
            </Button>
          }
        />
        {changeable.map(([title, value, href]) => (
          <Row
            key={href}
            title={title}
            detail={value}
            action={
              <Button kind="quiet" href={href}>
                {m.common_change()}
                <span class="visually-hidden"> {title}</span>
              </Button>
            }
          />
        ))}
      </Rows>
    </Section>
  );
}
