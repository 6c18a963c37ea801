/** Everything that can be done here today, as large plain links. */
import type { JSX } from "preact";
import { paths } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { Row } from "./Row";
import { Rows } from "./Rows";

export function ServiceLinks(): JSX.Element {
  const links: [href: string, title: string, detail: string][] = [
    [paths.newClaim, m.claims_new(), m.claims_new_detail()],
    [paths.claims, m.claims_title(), m.claims_lead()],
    [paths.parkedInvoices, m.parked_title(), m.parked_detail()],
    [paths.postbox, m.services_find_letter(), m.services_find_letter_detail()],
    [`${paths.contracts}?art=konten`, m.services_accounts(), m.services_accounts_detail()],
    [paths.bankAccount, m.bank_accounts_title(), m.services_bank_account_detail()],
    [paths.personalDetails, m.personal_details_title(), m.services_personal_details_detail()],
    [paths.submissions, m.services_submissions(), m.services_submissions_detail()],
    [paths.forms, m.services_forms(), m.services_forms_detail()],
    [paths.settings, m.services_account_data(), m.services_account_data_detail()],
    [paths.security, m.services_passkey(), m.services_passkey_detail()],
    [paths.diagnostics, m.support_data_title(), m.support_data_detail()],
    [paths.help, m.services_help(), m.services_help_detail()],
  ];
  return (
    <Rows>
      {links.map(([href, title, detail]) => (
        <Row key={href} href={href} title={title} detail={detail} />
      ))}
    </Rows>
  );
}
