/** Every address of the portal, so that no page spells another page's path. */
import { singleLine } from "./subject";

export const paths = {
  overview: "/",
  signIn: "/anmelden",
  register: "/registrieren",
  /** Where the mail's link leads; the server writes it. */
  confirmRegistration: "/confirm-registration",
  portalTerms: "/terms/portal",
  postboxTerms: "/terms/postbox",
  /** A customer number and the code from the letter bring contracts into the portal. */
  addContracts: "/kundennummer",
  contracts: "/vertraege",
  /** Contracts of other companies, which customers add by hand. */
  selfAdded: "/vertraege/eigene",
  addSelfAdded: "/vertraege/eigene/neu",
  /** Accounts of other banks, which customers add by their files. */
  selfAddedAccounts: "/konten/eigene",
  addSelfAddedAccount: "/konten/eigene/neu",
  postbox: "/postfach",
  messages: "/postfach/nachrichten",
  newMessage: "/postfach/nachrichten/neu",
  services: "/services",
  bankAccount: "/services/bankverbindung",
  bankAccountHistory: "/services/bankverbindung/verlauf",
  personalDetails: "/services/persoenliche-daten",
  changeAddress: "/services/persoenliche-daten/adresse",
  changeName: "/services/persoenliche-daten/name",
  /** What went to institutions; mails name it by its title. */
  submissions: "/services/auftraege",
  claims: "/rechnungen",
  newClaim: "/rechnungen/neu",
  claimDrafts: "/rechnungen/entwurf",
  /** Invoices that are kept on this device to be handed in together (X10). */
  parkedInvoices: "/rechnungen/gesammelt",
  handInTogether: "/rechnungen/gesammelt/einreichen",
  /** A claim whose last step keeps it for later. */
  parkInvoice: "/rechnungen/neu?sammeln=1",
  forms: "/services/formulare",
  profile: "/profil",
  settings: "/profil/einstellungen",
  changeEmailAddress: "/profil/einstellungen/e-mail",
  changePassword: "/profil/einstellungen/passwort",
  changePhoneNumber: "/profil/einstellungen/mobilnummer",
  deleteAccount: "/profil/einstellungen/benutzerkonto-loeschen",
  withdraw: "/profil/einstellungen/widerruf",
  deleteSelfAdded: "/profil/einstellungen/daten-loeschen",
  /** Shown to nobody in particular: whoever stood here has left. */
  farewell: "/auf-wiedersehen",
  /** Where the mail's link leads; the server writes it. */
  confirmEmailAddress: "/confirm-email-address",
  /** The server names it at the end of product information. */
  consents: "/profil/einstellungen/einwilligungen",
  deliveryChannels: "/profil/einstellungen/versandweg",
  settingsHistory: "/profil/einstellungen/verlauf",
  /** Where the mail's link leads; the server writes it. */
  confirmConsent: "/confirm-consent",
  takeData: "/profil/daten",
  security: "/profil/sicherheit",
  securityLog: "/profil/sicherheit/protokoll",
  receipts: "/profil/quittungen",
  /** A page of its own, which needs no session. */
  verifyReceipt: "/quittung-pruefen",
  /** Data of app, device and connection (F125). */
  diagnostics: "/profil/technische-daten",
  supportRequest: "/profil/technische-daten/support",
  devices: "/profil/sicherheit/geraete",
  /** This device takes the place of an older one, which approves it. */
  newDevice: "/profil/sicherheit/neues-geraet",
  /** Where the link in the QR code leads, on the old device; the server writes it. */
  approveDevice: "/geraet-freigeben",
  /** Mails lead here; the server writes it. */
  lockAccount: "/profil/sicherheit/sperren",
  /** Renewing what signs in; mails lead here. */
  lostAccess: "/zugang-verloren",
  /** Where the mail's link leads; the server writes it. */
  recoverAccess: "/zugang-wiederherstellen",
  help: "/hilfe",
} as const;

/** Sign-in page that returns to `from` afterwards. */
export function signInPath(from: string): string {
  const isHome = from === "/" || from.startsWith(paths.signIn);
  return isHome ? paths.signIn : `${paths.signIn}?zurueck=${encodeURIComponent(from)}`;
}

/** Detail page of an insurance contract. */
export function contractPath(id: string): string {
  return `${paths.contracts}/${encodeURIComponent(id)}`;
}

/** A claim on its way. */
export function claimPath(id: string): string {
  return `${paths.claims}/${encodeURIComponent(id)}`;
}

/** Handing in on a contract. */
export function newClaimPath(contractId: string): string {
  return `${paths.newClaim}?vertrag=${encodeURIComponent(contractId)}`;
}

/** The last step is either of two: "pruefen" sends, "sammeln" keeps for later. */
export type ClaimStep = "art" | "vertrag" | "seiten" | "pruefen" | "sammeln";

/** A claim that is being put together, at one of its steps. */
export function claimDraftPath(id: string, step: ClaimStep): string {
  return `${paths.claimDrafts}/${encodeURIComponent(id)}?schritt=${step}`;
}

/** One of a draft's pages being put right: an address, so that the phone's own way back leads to all of them. */
export function claimPagePath(id: string, page: string): string {
  return `${claimDraftPath(id, "seiten")}&seite=${encodeURIComponent(page)}`;
}

/** Parked invoices that are handed in together. */
export function handInTogetherPath(ids: readonly string[]): string {
  return `${paths.handInTogether}?rechnungen=${ids.map(encodeURIComponent).join(",")}`;
}

/** Where a contract's bank account is changed. */
export function bankAccountPath(contractId: string): string {
  return `${paths.bankAccount}?vertrag=${encodeURIComponent(contractId)}`;
}

/** Addresses the server answers itself; the router leaves links to them alone. */
export const portalScope =
  /^(?!\/(?:graphql|graphiql|sandbox|documents|forms|savings-accounts|self-added-accounts|self-added-documents|claim-documents|receipts|quittung-pruefen|export\.zip|signing-certificate\.pem)(?:[/?]|$))/;

export type SavingsTab = "umsaetze" | "vertragsdetails";

/** F64: a savings product opens at its transactions. */
export function savingsPath(id: string, tab: SavingsTab = "umsaetze"): string {
  return `/konten/${encodeURIComponent(id)}/${tab}`;
}

/** The postbox, filtered to one contract. */
export function contractPostPath(contractId: string): string {
  return `${paths.postbox}?vertrag=${encodeURIComponent(contractId)}`;
}

/** One of the customer's devices. */
export function devicePath(id: string): string {
  return `${paths.devices}/${encodeURIComponent(id)}`;
}

/** A contract of another company. */
export function selfAddedPath(id: string): string {
  return `${paths.selfAdded}/${encodeURIComponent(id)}`;
}

export function selfAddedAccountPath(id: string): string {
  return `${paths.selfAddedAccounts}/${encodeURIComponent(id)}`;
}

/** A document's own viewer page. */
export function documentPath(id: string): string {
  return `${paths.postbox}/${encodeURIComponent(id)}`;
}

/** A conversation with an institution. */
export function conversationPath(id: string): string {
  return `${paths.messages}/${encodeURIComponent(id)}`;
}

/** What became of one change or claim. */
export function submissionPath(id: string): string {
  return `${paths.submissions}/${encodeURIComponent(id)}`;
}

/** Where a letter is answered (F109). */
export function answerPath(documentId: string): string {
  return `${paths.newMessage}?brief=${encodeURIComponent(documentId)}`;
}

/** A message that takes a filled-in form back to its institution (F110). */
export function returnFormPath(formId: string): string {
  return `${paths.newMessage}?formular=${encodeURIComponent(formId)}`;
}

/** A message to an institution, begun with a subject that can still be changed. */
export function writeToPath(institutionId: string, subject: string): string {
  const asked = new URLSearchParams({ an: institutionId, betreff: singleLine(subject) });
  return `${paths.newMessage}?${asked}`;
}
