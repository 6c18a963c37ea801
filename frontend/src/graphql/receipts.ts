/** The receipt that an answer brings along; `ReceiptLink` shows it. */
import type { FragmentOf } from "gql.tada";
import { graphql } from "./graphql";

/** Belongs into the success member of every mutation that submits something. */
export const ReceiptFragment = graphql(`
  fragment Receipt on Receipt {
    id
    position
    downloadUrl
  }
`);

export type IssuedReceipt = FragmentOf<typeof ReceiptFragment>;
