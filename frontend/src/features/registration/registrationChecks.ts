/** What a form of this feature can tell before the server judges it; null: nothing is wrong. */
import {
  emailAddressProblem,
  newPasswordProblem,
  phoneNumberProblem,
} from "../../lib/accountChecks";
import type { FieldProblem } from "../../lib/fieldErrors";
import { problemsAt } from "../../lib/formProblems";
import { birthDateProblem } from "../../lib/typedDate";
import { m } from "../../paraglide/messages.js";
import type { RegistrationDraft } from "./registrationDraft";

/** In the order of the form. */
export function draftProblems(draft: RegistrationDraft): FieldProblem[] {
  return problemsAt({
    emailAddress: emailAddressProblem(draft.emailAddress),
    phoneNumber: phoneNumberProblem(draft.phoneNumber),
    password: newPasswordProblem(draft.password),
    givenName: draft.givenName.trim() ? null : m.registration_given_name_needed(),
    familyName: draft.familyName.trim() ? null : m.registration_family_name_needed(),
    birthDate: birthDateProblem(draft.birthDate),
    portalTerms: draft.portalTerms ? null : m.registration_portal_terms_needed(),
    postboxTerms: draft.postboxTerms ? null : m.registration_postbox_terms_needed(),
  });
}
