/** What only this line of business knows. */
import { type FragmentOf, type ResultOf, readFragment } from "gql.tada";
import type { ComponentChildren, JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatCount } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { DataList } from "../../ui/DataList";
import { DateText } from "../../ui/DateText";
import { Money } from "../../ui/Money";
import { Section } from "../../ui/Section";

export const InsuranceDetailsFragment = graphql(`
  fragment InsuranceDetails on InsuranceDetails {
    __typename
    ... on LifeDetails {
      sumAtMaturity { amount currency }
      sumOnDeath { amount currency }
      monthlyPension { amount currency }
      maturityDate
      tariff
    }
    ... on HealthDetails {
      tariff
      deductible { amount currency }
      dailyAllowance { amount currency }
    }
    ... on MotorDetails {
      licencePlate
      manufacturer
      model
      vehicleIdentification
      firstRegisteredOn
      noClaimsClass
      regionalClass
      annualMileage
    }
    ... on PropertyDetails {
      riskAddress
      livingArea
      buildingYear
      sumInsured { amount currency }
      deductible { amount currency }
    }
    ... on LiabilityDetails {
      riskDescription
      sumInsured { amount currency }
      deductible { amount currency }
    }
    ... on AccidentDetails {
      sumDisability { amount currency }
      sumDeath { amount currency }
      occupation
    }
  }
`);

type Details = ResultOf<typeof InsuranceDetailsFragment>;
type Of<Name extends Details["__typename"]> = Extract<Details, { __typename: Name }>;
type Items = (readonly [string, ComponentChildren])[];
type MoneyValue = { readonly amount: string; readonly currency: string } | null;

export function InsuranceDetails({
  details,
}: {
  readonly details: FragmentOf<typeof InsuranceDetailsFragment>;
}): JSX.Element | null {
  const items = itemsOf(readFragment(InsuranceDetailsFragment, details));
  if (items.every(([, value]) => value === null || value === "")) return null;
  return (
    <Section title={m.contracts_details_title()}>
      <DataList items={items} />
    </Section>
  );
}

function itemsOf(details: Details): Items {
  switch (details.__typename) {
    case "LifeDetails":
      return lifeItems(details);
    case "HealthDetails":
      return [
        [m.contracts_tariff(), details.tariff],
        [m.contracts_deductible(), money(details.deductible)],
        [m.contracts_daily_allowance(), money(details.dailyAllowance)],
      ];
    case "MotorDetails":
      return motorItems(details);
    case "PropertyDetails":
      return propertyItems(details);
    case "LiabilityDetails":
      return [
        [m.contracts_risk(), details.riskDescription],
        [m.contracts_sum_insured(), money(details.sumInsured)],
        [m.contracts_deductible(), money(details.deductible)],
      ];
    case "AccidentDetails":
      return [
        [m.contracts_sum_disability(), money(details.sumDisability)],
        [m.contracts_sum_death(), money(details.sumDeath)],
        [m.contracts_occupation(), details.occupation],
      ];
  }
}

function lifeItems(details: Of<"LifeDetails">): Items {
  return [
    [m.contracts_sum_at_maturity(), money(details.sumAtMaturity)],
    [m.contracts_sum_on_death(), money(details.sumOnDeath)],
    [m.contracts_monthly_pension(), money(details.monthlyPension)],
    [m.contracts_maturity(), date(details.maturityDate)],
    [m.contracts_tariff(), details.tariff],
  ];
}

function motorItems(details: Of<"MotorDetails">): Items {
  const mileage = details.annualMileage;
  return [
    [m.contracts_licence_plate(), details.licencePlate],
    [m.contracts_vehicle(), [details.manufacturer, details.model].filter(Boolean).join(" ")],
    [m.contracts_vehicle_identification(), details.vehicleIdentification],
    [m.contracts_first_registered(), date(details.firstRegisteredOn)],
    [m.contracts_no_claims_class(), details.noClaimsClass],
    [m.contracts_regional_class(), details.regionalClass],
    [m.contracts_mileage(), mileage && m.contracts_mileage_km({ count: formatCount(mileage) })],
  ];
}

function propertyItems(details: Of<"PropertyDetails">): Items {
  const area = details.livingArea;
  return [
    [m.contracts_risk_address(), details.riskAddress],
    [m.contracts_living_area(), area && m.contracts_living_area_m2({ count: formatCount(area) })],
    [m.contracts_building_year(), details.buildingYear],
    [m.contracts_sum_insured(), money(details.sumInsured)],
    [m.contracts_deductible(), money(details.deductible)],
  ];
}

function money(value: MoneyValue): ComponentChildren {
  return value && <Money {...value} />;
}

function date(value: string | null): ComponentChildren {
  return value && <DateText date={value} />;
}
