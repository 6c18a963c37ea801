"""The three documents that are measured; the app persists documents just like these."""

from __future__ import annotations

DASHBOARD = """query Dashboard { viewer { displayName
  contracts(first: 20) { totalCount nodes {
    id kind number productName status startDate endDate institution { id name }
    ... on InsuranceContract {
      lineOfBusiness paymentFrequency nextDueDate premium { amount currency } } } }
  savingsAccounts { id number iban productName balanceOn interestRate balance { amount currency }
    holders }
  postbox { unreadCount documents(first: 20) { ... on DocumentConnection { totalCount nodes {
    id subject sender receivedAt documentDate isUnread kind direction isOfficialDecision
    mediaType size sha256 fileName downloadUrl institution { id name } } } } } } }"""

TRANSACTIONS = """query Transactions($id: ID!) { node(id: $id) { ... on SavingsAccount { id
  transactions(first: 100) { totalCount nodes { id valueDate bookingDate amount { amount currency }
    balanceAfter { amount currency } counterpartyName remittanceInformation isPending } } } } }"""

NAME = "query Name { viewer { displayName } }"

ALL = {"dashboard": DASHBOARD, "transactions": TRANSACTIONS, "name": NAME}
