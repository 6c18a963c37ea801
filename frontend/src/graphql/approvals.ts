/** How a mutation asks for the customer's approval: one call, answered by what the operation came to. */
import type { FragmentOf, ResultOf } from "gql.tada";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { graphql } from "./graphql";
import type { IssuedReceipt } from "./receipts";

/** Belongs into the `ApprovalRequired` member of every sensitive mutation. */
export const ApprovalFragment = graphql(`
  fragment Approval on Approval {
    id
    summary
    methods
    expiresAt
  }
`);

/** What every approvable operation comes to; a new operation adds its outcome here. */
export const ApprovedOutcomeFragment = graphql(`
  fragment ApprovedOutcome on ApprovedOutcome {
    __typename
    ... on PasswordChanged {
      endedSessions
    }
    ... on PasskeyRemoved {
      name
    }
    ... on PasskeyChallenge {
      challenge
      options
    }
    ... on DeviceUnlocked {
      device {
        id
        isLocked
      }
    }
    ... on DeviceRemoved {
      name
    }
    ... on DeviceReplaced {
      name
    }
    ... on EmailAddressToConfirm {
      emailAddress
      expiresAt
    }
    ... on PhoneNumberToConfirm {
      challenge
      maskedPhoneNumber
      expiresAt
    }
    ... on UserAccountDeleted {
      emailAddress
    }
    ... on BankAccountChanged {
      institution {
        id
        name
      }
      accounts {
        id
        maskedIban
        startDate
      }
    }
    ... on PersonalDetailsChanged {
      changes {
        id
        kind
        after
        effectiveDate
        institution {
          id
          name
        }
      }
    }
    ... on BankAccountsShown {
      hideAt
      shownAccounts {
        iban
        account {
          id
        }
      }
    }
  }
`);

export type ApprovalToGive = FragmentOf<typeof ApprovalFragment>;
/** What the operation came to, and its receipt. */
export type ApprovedOutcome = ResultOf<typeof ApprovedOutcomeFragment> & {
  readonly receipt: IssuedReceipt;
};

/** Shows an approval; answers with what the operation came to, null if it was not approved. */
export type AskForApproval = (approval: ApprovalToGive) => Promise<ApprovedOutcome | null>;

export const ApprovalContext = createContext<AskForApproval>(async () => null);

/**
 * `approve(approval, "PasswordChanged")` opens the approval dialog and resolves with that outcome;
 * with null if the customer did not approve. The dialog says itself what went wrong.
 */
export function useApproval() {
  const ask = useContext(ApprovalContext);
  return async <Kind extends ApprovedOutcome["__typename"]>(
    approval: ApprovalToGive,
    expected: Kind,
  ): Promise<Extract<ApprovedOutcome, { __typename: Kind }> | null> => {
    const outcome = await ask(approval);
    const isExpected = outcome?.__typename === expected;
    return isExpected ? (outcome as Extract<ApprovedOutcome, { __typename: Kind }>) : null;
  };
}
