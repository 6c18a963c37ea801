/** What a contract is called where several are listed: its product, then its number. */
import type { ResultOf } from "gql.tada";
import { graphql } from "../../graphql/graphql";
import { lineOfBusinessName, savingsKindName } from "../../lib/contractWords";
import { formatContractNumber } from "../../lib/format";

export const ContractNameFragment = graphql(`
  fragment ContractName on Contract @_unmask {
    __typename
    number
    productName
    ... on InsuranceContract {
      lineOfBusiness
    }
  }
`);

type NamedContract = ResultOf<typeof ContractNameFragment>;

export function contractName(contract: NamedContract): string {
  return `${productOf(contract)} · ${formatContractNumber(contract.number)}`;
}

/** "Hausrat Komfort", or the kind of contract if it has no name. */
export function productOf(contract: NamedContract): string {
  if (contract.productName) return contract.productName;
  return contract.__typename === "InsuranceContract"
    ? lineOfBusinessName(contract.lineOfBusiness)
    : savingsKindName(contract.__typename);
}
