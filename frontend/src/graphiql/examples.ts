/** Queries to start from; a test checks each against the printed schema. */

const viewer = `# Who is signed in, with all contracts. Nobody? Sign in at /sandbox first.
query ViewerWithContracts {
  viewer {
    displayName
    session {
      assuranceLevel
      idleExpiresAt
    }
    contracts(first: 10) {
      totalCount
      nodes {
        number
        productName
        status
        institution {
          name
        }
        ... on InsuranceContract {
          lineOfBusiness
          premium {
            amount
            currency
          }
          nextDueDate
        }
        ... on SavingsProduct {
          iban
          balance {
            amount
            currency
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
`;

const savings = `# Savings accounts with their latest transactions; the period is half-open.
query SavingsWithTransactions($first: Int!, $filter: TransactionFilter) {
  viewer {
    savingsAccounts {
      __typename
      number
      balance {
        amount
        currency
      }
      balanceOn
      holders
      transactions(first: $first, filter: $filter) {
        totalCount
        nodes {
          valueDate
          amount {
            amount
          }
          counterpartyName
          remittanceInformation
          isPending
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
`;

const postbox = `# Letters, newest first; a period that ends before it begins is refused.
query Postbox($filter: DocumentFilter) {
  viewer {
    postbox {
      unreadCount
      documents(first: 10, orderBy: NEWEST_FIRST, filter: $filter) {
        __typename
        ... on DocumentConnection {
          totalCount
          nodes {
            subject
            sender
            documentDate
            isUnread
            sha256
            downloadUrl
          }
        }
        ... on InvalidPeriod {
          message
        }
      }
    }
  }
}
`;

const help = `# Help in English, made from the rules that the portal applies today.
query Help {
  policy {
    idleMinutes
    mobileRegions
    help(locale: EN) {
      title
      entries {
        question
        answer
        rows
      }
    }
  }
}
`;

const institutions = `# The institutions of the group, and what is today here. Needs no session.
query Institutions {
  portal {
    groupName
    isSandbox
    today
  }
  institutions {
    key
    name
    kind
    contact {
      phone
      email
    }
  }
}
`;

/** One tab each. */
export const examples: { query: string; variables?: string }[] = [
  { query: viewer },
  {
    query: savings,
    variables: JSON.stringify(
      { first: 5, filter: { from: "2026-10-01", to: "2026-12-01" } },
      null,
      2,
    ),
  },
  {
    query: postbox,
    variables: JSON.stringify({ filter: { direction: "INCOMING" } }, null, 2),
  },
  { query: help },
  { query: institutions },
];
