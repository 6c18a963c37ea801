/** First step: the new address, for which companies and from when; the server reviews it. */
import type { JSX } from "preact";
import { problemsAt, useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { getLocale } from "../../paraglide/runtime.js";
import { Field } from "../../ui/Field";
import { SelectField } from "../../ui/SelectField";
import { DetailsForm } from "./DetailsForm";
import type { ChangeableInstitution } from "./InstitutionChoice";
import type { DetailsReview } from "./ReviewStep";
import { useDetailsReview } from "./useDetailsReview";

export interface TypedAddress {
  readonly institutions: readonly string[];
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  /** A civil date. */
  readonly from: string;
}

interface AddressFormProps {
  readonly institutions: readonly ChangeableInstitution[];
  readonly countries: readonly string[];
  readonly typed: TypedAddress;
  readonly onInput: (typed: TypedAddress) => void;
  readonly onReviewed: (review: DetailsReview) => void;
}

export function AddressForm({
  institutions,
  countries,
  typed,
  onInput,
  onReviewed,
}: AddressFormProps): JSX.Element {
  const problems = useFormProblems();
  const [isBusy, review] = useDetailsReview();
  const { street, postalCode, city, country, from } = typed;
  const isHome = country === "DE";
  const submit = async () => {
    const found = problemsAt({
      street: street.trim() ? null : m.personal_details_street_missing(),
      postalCode: isHome ? wrongPostalCode(postalCode) : null,
      city: city.trim() ? null : m.personal_details_city_missing(),
      institutions: typed.institutions.length > 0 ? null : m.personal_details_institution_missing(),
    });
    problems.refuse(found);
    if (found.length > 0) return;
    const address = { street, postalCode, city, country };
    const result = await review(typed.institutions, { address }, from || null);
    problems.refuse(result.problems);
    if (result.review) onReviewed(result.review);
  };
  return (
    <DetailsForm
      title={m.personal_details_change_address()}
      lead={m.personal_details_address_lead()}
      institutions={institutions}
      chosen={typed.institutions}
      onChoose={(ids) => onInput({ ...typed, institutions: ids })}
      problems={problems}
      isBusy={isBusy}
      onSubmit={() => void submit()}
    >
      <Field
        name="street"
        label={m.personal_details_street()}
        autocomplete="street-address"
        value={street}
        maxLength={60}
        onInput={(value) => onInput({ ...typed, street: value })}
        error={problems.at("street")}
      />
      <Field
        name="postalCode"
        label={m.personal_details_postal_code()}
        autocomplete="postal-code"
        inputMode={isHome ? "numeric" : "text"}
        isShort
        isOptional={!isHome}
        value={postalCode}
        maxLength={12}
        onInput={(value) => onInput({ ...typed, postalCode: value })}
        onLeave={() =>
          problems.leave("postalCode", isHome && postalCode ? wrongPostalCode(postalCode) : null)
        }
        error={problems.at("postalCode")}
      />
      <Field
        name="city"
        label={m.personal_details_city()}
        autocomplete="address-level2"
        value={city}
        maxLength={60}
        onInput={(value) => onInput({ ...typed, city: value })}
        error={problems.at("city")}
      />
      <SelectField
        name="country"
        label={m.personal_details_country()}
        value={country}
        options={countryOptions(countries)}
        onChange={(value) => onInput({ ...typed, country: value })}
        error={problems.at("country")}
      />
      <Field
        name="effectiveFrom"
        label={m.personal_details_from()}
        type="date"
        isShort
        value={from}
        onInput={(value) => onInput({ ...typed, from: value })}
        error={problems.at("effectiveFrom")}
      />
    </DetailsForm>
  );
}

/** In Germany five digits; the server knows which regions there are. */
function wrongPostalCode(typed: string): string | null {
  return /^\s*\d{5}\s*$/.test(typed) ? null : m.personal_details_postal_code_wrong();
}

/** By their names in the customer's language. */
function countryOptions(countries: readonly string[]) {
  const names = new Intl.DisplayNames([getLocale()], { type: "region" });
  return countries
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((one, other) => one.label.localeCompare(other.label, getLocale()));
}
