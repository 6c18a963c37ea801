/** What was typed to register, kept in memory while somebody reads the terms or changes the language. */
import { useEffect, useState } from "preact/hooks";
import { paths } from "../../lib/paths";

export interface RegistrationDraft {
  readonly emailAddress: string;
  readonly phoneNumber: string;
  readonly password: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: string;
  /** SHA-256 of the text that was agreed to; empty: not ticked. */
  readonly portalTerms: string;
  readonly postboxTerms: string;
  /** A mail is on its way: where to, and until when its link is good. */
  readonly sent: { readonly emailAddress: string; readonly expiresAt: string } | null;
}

const EMPTY: RegistrationDraft = {
  emailAddress: "",
  phoneNumber: "",
  password: "",
  givenName: "",
  familyName: "",
  birthDate: "",
  portalTerms: "",
  postboxTerms: "",
  sent: null,
};
const staysAt: readonly string[] = [paths.register, paths.portalTerms, paths.postboxTerms];
let kept = EMPTY;

/** The draft and how to change it; whoever goes elsewhere in the portal leaves nothing behind. */
export function useRegistrationDraft(): [
  RegistrationDraft,
  (change: Partial<RegistrationDraft>) => void,
] {
  const [draft, setDraft] = useState(kept);
  useForgettingDraft();
  return [
    draft,
    (change) => {
      kept = { ...kept, ...change };
      setDraft(kept);
    },
  ];
}

/** For pages that may be read in between. */
export function useForgettingDraft(): void {
  useEffect(
    () => () => {
      if (!staysAt.includes(location.pathname)) kept = EMPTY;
    },
    [],
  );
}
