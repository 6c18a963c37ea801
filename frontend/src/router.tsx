/** Which address shows which page; every page is a chunk of its own. */
import type { JSX } from "preact";
import { lazy, Route, Router } from "preact-iso";
import { paths } from "./lib/paths";
import { NotFoundPage } from "./shell/NotFoundPage";

const SignInPage = lazy(() => import("./features/sign_in/SignInPage").then((m) => m.SignInPage));
const OverviewPage = lazy(() =>
  import("./features/overview/OverviewPage").then((m) => m.OverviewPage),
);
const ContractsPage = lazy(() =>
  import("./features/contracts/ContractsPage").then((m) => m.ContractsPage),
);
const ContractPage = lazy(() =>
  import("./features/contracts/ContractPage").then((m) => m.ContractPage),
);
const TransactionsPage = lazy(() =>
  import("./features/savings/TransactionsPage").then((m) => m.TransactionsPage),
);
const SavingsDetailsPage = lazy(() =>
  import("./features/savings/SavingsDetailsPage").then((m) => m.SavingsDetailsPage),
);
const PostboxPage = lazy(() => import("./features/postbox/PostboxPage").then((m) => m.PostboxPage));
const DocumentPage = lazy(() =>
  import("./features/documents/DocumentPage").then((m) => m.DocumentPage),
);
const HelpPage = lazy(() => import("./features/help/HelpPage").then((m) => m.HelpPage));
const ServicesPage = lazy(() =>
  import("./features/services/ServicesPage").then((m) => m.ServicesPage),
);
const ProfilePage = lazy(() => import("./features/profile/ProfilePage").then((m) => m.ProfilePage));
const SettingsPage = lazy(() =>
  import("./features/profile/SettingsPage").then((m) => m.SettingsPage),
);
const SecurityPage = lazy(() =>
  import("./features/profile/SecurityPage").then((m) => m.SecurityPage),
);

export function Routes(): JSX.Element {
  return (
    <Router>
      <Route path={paths.overview} component={OverviewPage} />
      <Route path={paths.signIn} component={SignInPage} />
      <Route path={paths.contracts} component={ContractsPage} />
      <Route path={`${paths.contracts}/:id`} component={ContractPage} />
      <Route path="/konten/:id" component={TransactionsPage} />
      <Route path="/konten/:id/umsaetze" component={TransactionsPage} />
      <Route path="/konten/:id/vertragsdetails" component={SavingsDetailsPage} />
      <Route path={paths.postbox} component={PostboxPage} />
      <Route path={`${paths.postbox}/:id`} component={DocumentPage} />
      <Route path={paths.help} component={HelpPage} />
      <Route path={paths.services} component={ServicesPage} />
      <Route path={paths.profile} component={ProfilePage} />
      <Route path={paths.settings} component={SettingsPage} />
      <Route path={paths.security} component={SecurityPage} />
      <Route default component={NotFoundPage} />
    </Router>
  );
}
