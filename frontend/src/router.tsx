/** Which address shows which page; every page is a chunk of its own. */
import type { JSX } from "preact";
import { lazy, Route, Router } from "preact-iso";
import { paths } from "./lib/paths";
import { NotFoundPage } from "./shell/NotFoundPage";
import { NotLoadedPage } from "./shell/NotLoadedPage";

const SignInPage = lazy(() =>
  loaded(import("./features/sign_in/SignInPage").then((m) => m.SignInPage)),
);
const OverviewPage = lazy(() =>
  loaded(import("./features/overview/OverviewPage").then((m) => m.OverviewPage)),
);
const ContractsPage = lazy(() =>
  loaded(import("./features/contracts/ContractsPage").then((m) => m.ContractsPage)),
);
const ContractPage = lazy(() =>
  loaded(import("./features/contracts/ContractPage").then((m) => m.ContractPage)),
);
const AddSelfAddedPage = lazy(() =>
  loaded(import("./features/self_added/AddSelfAddedPage").then((m) => m.AddSelfAddedPage)),
);
const SelfAddedPage = lazy(() =>
  loaded(import("./features/self_added/SelfAddedPage").then((m) => m.SelfAddedPage)),
);
const ChangeSelfAddedPage = lazy(() =>
  loaded(import("./features/self_added/ChangeSelfAddedPage").then((m) => m.ChangeSelfAddedPage)),
);
const DeleteSelfAddedPage = lazy(() =>
  loaded(import("./features/self_added/DeleteSelfAddedPage").then((m) => m.DeleteSelfAddedPage)),
);
const AddAccountPage = lazy(() =>
  loaded(import("./features/self_added/AddAccountPage").then((m) => m.AddAccountPage)),
);
const SelfAddedAccountPage = lazy(() =>
  loaded(import("./features/savings/SelfAddedAccountPage").then((m) => m.SelfAddedAccountPage)),
);
const TransactionsPage = lazy(() =>
  loaded(import("./features/savings/TransactionsPage").then((m) => m.TransactionsPage)),
);
const SavingsDetailsPage = lazy(() =>
  loaded(import("./features/savings/SavingsDetailsPage").then((m) => m.SavingsDetailsPage)),
);
const PostboxPage = lazy(() =>
  loaded(import("./features/postbox/PostboxPage").then((m) => m.PostboxPage)),
);
const ConversationsPage = lazy(() =>
  loaded(import("./features/messages/ConversationsPage").then((m) => m.ConversationsPage)),
);
const ConversationPage = lazy(() =>
  loaded(import("./features/messages/ConversationPage").then((m) => m.ConversationPage)),
);
const NewMessagePage = lazy(() =>
  loaded(import("./features/messages/NewMessagePage").then((m) => m.NewMessagePage)),
);
const DocumentPage = lazy(() =>
  loaded(import("./features/documents/DocumentPage").then((m) => m.DocumentPage)),
);
const HelpPage = lazy(() => loaded(import("./features/help/HelpPage").then((m) => m.HelpPage)));
const ServicesPage = lazy(() =>
  loaded(import("./features/services/ServicesPage").then((m) => m.ServicesPage)),
);
const SubmissionsPage = lazy(() =>
  loaded(import("./features/submissions/SubmissionsPage").then((m) => m.SubmissionsPage)),
);
const SubmissionPage = lazy(() =>
  loaded(import("./features/submissions/SubmissionPage").then((m) => m.SubmissionPage)),
);
const ClaimsPage = lazy(() =>
  loaded(import("./features/claims/ClaimsPage").then((m) => m.ClaimsPage)),
);
const NewClaimPage = lazy(() =>
  loaded(import("./features/claims/NewClaimPage").then((m) => m.NewClaimPage)),
);
const DraftPage = lazy(() =>
  loaded(import("./features/claims/DraftPage").then((m) => m.DraftPage)),
);
const ParkedInvoicesPage = lazy(() =>
  loaded(import("./features/claims/ParkedInvoicesPage").then((m) => m.ParkedInvoicesPage)),
);
const HandInTogetherPage = lazy(() =>
  loaded(import("./features/claims/HandInTogetherPage").then((m) => m.HandInTogetherPage)),
);
const ClaimPage = lazy(() =>
  loaded(import("./features/claims/ClaimPage").then((m) => m.ClaimPage)),
);
const BankDetailsPage = lazy(() =>
  loaded(import("./features/bank_accounts/BankDetailsPage").then((m) => m.BankDetailsPage)),
);
const BankAccountHistoryPage = lazy(() =>
  loaded(
    import("./features/bank_accounts/BankAccountHistoryPage").then((m) => m.BankAccountHistoryPage),
  ),
);
const PersonalDetailsPage = lazy(() =>
  loaded(
    import("./features/personal_details/PersonalDetailsPage").then((m) => m.PersonalDetailsPage),
  ),
);
const AddressPage = lazy(() =>
  loaded(import("./features/personal_details/AddressPage").then((m) => m.AddressPage)),
);
const NamePage = lazy(() =>
  loaded(import("./features/personal_details/NamePage").then((m) => m.NamePage)),
);
const FormsPage = lazy(() => loaded(import("./features/forms/FormsPage").then((m) => m.FormsPage)));
const ProfilePage = lazy(() =>
  loaded(import("./features/profile/ProfilePage").then((m) => m.ProfilePage)),
);
const SettingsPage = lazy(() =>
  loaded(import("./features/profile/SettingsPage").then((m) => m.SettingsPage)),
);
const SecurityPage = lazy(() =>
  loaded(import("./features/profile/SecurityPage").then((m) => m.SecurityPage)),
);

const ChangeEmailAddressPage = lazy(() =>
  loaded(import("./features/profile/ChangeEmailAddressPage").then((m) => m.ChangeEmailAddressPage)),
);
const ChangePasswordPage = lazy(() =>
  loaded(import("./features/profile/ChangePasswordPage").then((m) => m.ChangePasswordPage)),
);
const ChangePhoneNumberPage = lazy(() =>
  loaded(import("./features/profile/ChangePhoneNumberPage").then((m) => m.ChangePhoneNumberPage)),
);
const ConfirmEmailAddressPage = lazy(() =>
  loaded(
    import("./features/profile/ConfirmEmailAddressPage").then((m) => m.ConfirmEmailAddressPage),
  ),
);
const DeleteAccountPage = lazy(() =>
  loaded(import("./features/leaving/DeleteAccountPage").then((m) => m.DeleteAccountPage)),
);
const WithdrawPage = lazy(() =>
  loaded(import("./features/leaving/WithdrawPage").then((m) => m.WithdrawPage)),
);
const FarewellPage = lazy(() =>
  loaded(import("./features/leaving/FarewellPage").then((m) => m.FarewellPage)),
);
const SecurityLogPage = lazy(() =>
  loaded(import("./features/profile/SecurityLogPage").then((m) => m.SecurityLogPage)),
);
const ConsentsPage = lazy(() =>
  loaded(import("./features/consents/ConsentsPage").then((m) => m.ConsentsPage)),
);
const ConfirmConsentPage = lazy(() =>
  loaded(import("./features/consents/ConfirmConsentPage").then((m) => m.ConfirmConsentPage)),
);
const DeliveryPage = lazy(() =>
  loaded(import("./features/consents/DeliveryPage").then((m) => m.DeliveryPage)),
);
const SettingsHistoryPage = lazy(() =>
  loaded(import("./features/consents/SettingsHistoryPage").then((m) => m.SettingsHistoryPage)),
);
const ExportPage = lazy(() =>
  loaded(import("./features/export/ExportPage").then((m) => m.ExportPage)),
);
const ReceiptsPage = lazy(() =>
  loaded(import("./features/receipts/ReceiptsPage").then((m) => m.ReceiptsPage)),
);
const DiagnosticsPage = lazy(() =>
  loaded(import("./features/support_requests/DiagnosticsPage").then((m) => m.DiagnosticsPage)),
);
const SupportRequestPage = lazy(() =>
  loaded(
    import("./features/support_requests/SupportRequestPage").then((m) => m.SupportRequestPage),
  ),
);
const RegistrationPage = lazy(() =>
  loaded(import("./features/registration/RegistrationPage").then((m) => m.RegistrationPage)),
);
const ConfirmRegistrationPage = lazy(() =>
  loaded(
    import("./features/registration/ConfirmRegistrationPage").then(
      (m) => m.ConfirmRegistrationPage,
    ),
  ),
);
const DevicePage = lazy(() =>
  loaded(import("./features/profile/DevicePage").then((m) => m.DevicePage)),
);
const LockAccountPage = lazy(() =>
  loaded(import("./features/profile/LockAccountPage").then((m) => m.LockAccountPage)),
);
const NewDevicePage = lazy(() =>
  loaded(import("./features/devices/NewDevicePage").then((m) => m.NewDevicePage)),
);
const ApproveDevicePage = lazy(() =>
  loaded(import("./features/devices/ApproveDevicePage").then((m) => m.ApproveDevicePage)),
);
const LostAccessPage = lazy(() =>
  loaded(import("./features/recovery/LostAccessPage").then((m) => m.LostAccessPage)),
);
const RecoverAccessPage = lazy(() =>
  loaded(import("./features/recovery/RecoverAccessPage").then((m) => m.RecoverAccessPage)),
);
const TermsPage = lazy(() =>
  loaded(import("./features/registration/TermsPage").then((m) => m.TermsPage)),
);
const AddContractsPage = lazy(() =>
  loaded(import("./features/registration/AddContractsPage").then((m) => m.AddContractsPage)),
);

/** A page whose code does not arrive says so instead of staying empty. */
function loaded<Component>(page: Promise<Component>): Promise<Component | typeof NotLoadedPage> {
  return page.catch(() => NotLoadedPage);
}

/**
 * The page before stays until the code of the next one is here; `<main>` says so meanwhile.
 *
 * Set past the renderer: a state here would render the router anew and drop the page before.
 */
function tellLoading(isLoading: boolean): void {
  document.getElementById("content")?.setAttribute("aria-busy", String(isLoading));
}

export function Routes(): JSX.Element {
  return (
    <Router onLoadStart={() => tellLoading(true)} onLoadEnd={() => tellLoading(false)}>
      <Route path={paths.overview} component={OverviewPage} />
      <Route path={paths.signIn} component={SignInPage} />
      <Route path={paths.register} component={RegistrationPage} />
      <Route path={paths.confirmRegistration} component={ConfirmRegistrationPage} />
      <Route path={paths.lostAccess} component={LostAccessPage} />
      <Route path={paths.recoverAccess} component={RecoverAccessPage} />
      <Route path={paths.portalTerms} component={TermsPage} kind="PORTAL" />
      <Route path={paths.postboxTerms} component={TermsPage} kind="POSTBOX" />
      <Route path={paths.addContracts} component={AddContractsPage} />
      <Route path={paths.contracts} component={ContractsPage} />
      <Route path={`${paths.contracts}/:id`} component={ContractPage} />
      <Route path={paths.addSelfAdded} component={AddSelfAddedPage} />
      <Route path={`${paths.selfAdded}/:id`} component={SelfAddedPage} />
      <Route path={`${paths.selfAdded}/:id/aendern`} component={ChangeSelfAddedPage} />
      <Route path={paths.addSelfAddedAccount} component={AddAccountPage} />
      <Route path={`${paths.selfAddedAccounts}/:id`} component={SelfAddedAccountPage} />
      <Route path="/konten/:id" component={TransactionsPage} />
      <Route path="/konten/:id/umsaetze" component={TransactionsPage} />
      <Route path="/konten/:id/vertragsdetails" component={SavingsDetailsPage} />
      <Route path={paths.postbox} component={PostboxPage} />
      <Route path={paths.messages} component={ConversationsPage} />
      <Route path={paths.newMessage} component={NewMessagePage} />
      <Route path={`${paths.messages}/:id`} component={ConversationPage} />
      <Route path={`${paths.postbox}/:id`} component={DocumentPage} />
      <Route path={paths.help} component={HelpPage} />
      <Route path={paths.services} component={ServicesPage} />
      <Route path={paths.bankAccount} component={BankDetailsPage} />
      <Route path={paths.bankAccountHistory} component={BankAccountHistoryPage} />
      <Route path={paths.personalDetails} component={PersonalDetailsPage} />
      <Route path={paths.changeAddress} component={AddressPage} />
      <Route path={paths.changeName} component={NamePage} />
      <Route path={paths.submissions} component={SubmissionsPage} />
      <Route path={`${paths.submissions}/:id`} component={SubmissionPage} />
      <Route path={paths.claims} component={ClaimsPage} />
      <Route path={paths.newClaim} component={NewClaimPage} />
      <Route path={`${paths.claimDrafts}/:id`} component={DraftPage} />
      <Route path={paths.parkedInvoices} component={ParkedInvoicesPage} />
      <Route path={paths.handInTogether} component={HandInTogetherPage} />
      <Route path={`${paths.claims}/:id`} component={ClaimPage} />
      <Route path={paths.forms} component={FormsPage} />
      <Route path={paths.profile} component={ProfilePage} />
      <Route path={paths.settings} component={SettingsPage} />
      <Route path={paths.changeEmailAddress} component={ChangeEmailAddressPage} />
      <Route path={paths.changePassword} component={ChangePasswordPage} />
      <Route path={paths.changePhoneNumber} component={ChangePhoneNumberPage} />
      <Route path={paths.confirmEmailAddress} component={ConfirmEmailAddressPage} />
      <Route path={paths.consents} component={ConsentsPage} />
      <Route path={paths.confirmConsent} component={ConfirmConsentPage} />
      <Route path={paths.deliveryChannels} component={DeliveryPage} />
      <Route path={paths.settingsHistory} component={SettingsHistoryPage} />
      <Route path={paths.takeData} component={ExportPage} />
      <Route path={paths.deleteAccount} component={DeleteAccountPage} />
      <Route path={paths.withdraw} component={WithdrawPage} />
      <Route path={paths.farewell} component={FarewellPage} />
      <Route path={paths.deleteSelfAdded} component={DeleteSelfAddedPage} />
      <Route path={paths.security} component={SecurityPage} />
      <Route path={paths.securityLog} component={SecurityLogPage} />
      <Route path={paths.diagnostics} component={DiagnosticsPage} />
      <Route path={paths.supportRequest} component={SupportRequestPage} />
      <Route path={paths.receipts} component={ReceiptsPage} />
      <Route path={`${paths.devices}/:id`} component={DevicePage} />
      <Route path={paths.newDevice} component={NewDevicePage} />
      <Route path={paths.approveDevice} component={ApproveDevicePage} />
      <Route path={paths.lockAccount} component={LockAccountPage} />
      <Route default component={NotFoundPage} />
    </Router>
  );
}
