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

export function contractName(contract: ResultOf<typeof ContractNameFragment>): string {
  const kind =
    contract.__typename === "InsuranceContract"
      ? lineOfBusinessName(contract.lineOfBusiness)
      : savingsKindName(contract.__typename);
  return `${contract.productName ?? kind} · ${formatContractNumber(contract.number)}`;
}
