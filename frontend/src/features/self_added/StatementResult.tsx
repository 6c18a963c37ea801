/** What a bank's file brought: its accounts, how much of it is new, and what was odd about it. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatContractNumber, formatCount, formatDate } from "../../lib/format";
import { selfAddedAccountPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Message } from "../../ui/Message";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";

export const StatementResultFragment = graphql(`
  fragment StatementResult on AccountStatementAdded {
    accounts {
      account {
        id
        iban
        bankName
        label
      }
      addedCount
      knownCount
      firstBookingDate
      lastBookingDate
    }
    findings {
      line
      message
    }
  }
`);

export type StatementAdded = FragmentOf<typeof StatementResultFragment>;

/** Enough to see what is wrong; a file with more of it has one fault everywhere. */
const MOST_FINDINGS = 10;

interface StatementResultProps {
  readonly name: string;
  readonly result: StatementAdded;
}

export function StatementResult({ name, result }: StatementResultProps): JSX.Element {
  const { accounts, findings } = readFragment(StatementResultFragment, result);
  const isNew = accounts.some(({ addedCount }) => addedCount > 0);
  const left = findings.length - MOST_FINDINGS;
  return (
    <div class="stack">
      <Message
        kind={isNew ? "success" : "info"}
        title={isNew ? m.self_added_account_read({ name }) : m.self_added_account_known({ name })}
        isAlert
      />
      <Rows>
        {accounts.map(({ account, ...brought }) => (
          <Row
            key={account.id}
            title={account.label ?? account.bankName ?? m.self_added_account()}
            detail={formatContractNumber(account.iban)}
            href={selfAddedAccountPath(account.id)}
            figure={countText(brought)}
            figureDetail={periodText(brought.firstBookingDate, brought.lastBookingDate)}
          />
        ))}
      </Rows>
      {findings.length > 0 && (
        <Message kind="warning" title={m.self_added_account_findings()}>
          <ul>
            {findings.slice(0, MOST_FINDINGS).map(({ line, message }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and two may say the same
              <li key={index}>
                {line === null
                  ? message
                  : m.self_added_account_line({ line: formatCount(line), message })}
              </li>
            ))}
          </ul>
          {left > 0 && <p>{m.self_added_account_more_findings({ count: formatCount(left) })}</p>}
        </Message>
      )}
    </div>
  );
}

function countText(brought: { readonly addedCount: number; readonly knownCount: number }): string {
  const { addedCount, knownCount } = brought;
  const added = { count: formatCount(addedCount) };
  const known = { count: formatCount(knownCount) };
  return [
    addedCount === 1 ? m.self_added_account_new_one(added) : m.self_added_account_new_other(added),
    knownCount > 0 &&
      (knownCount === 1
        ? m.self_added_account_known_one(known)
        : m.self_added_account_known_other(known)),
  ]
    .filter(Boolean)
    .join(", ");
}

function periodText(from: string | null, to: string | null): string | null {
  if (!from || !to) return null;
  if (from === to) return formatDate(from);
  return m.self_added_account_period({ from: formatDate(from), to: formatDate(to) });
}
