/** One parked invoice: a box to tick, what it is, and its amount at the right. */
import type { JSX } from "preact";
import { claimKindName } from "../../lib/claimWords";
import { formatDate } from "../../lib/format";
import type { ParkedInvoice } from "../../lib/parkedInvoices";
import { claimDraftPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Money } from "../../ui/Money";
import { chosenName } from "./chosenName";
import styles from "./ParkedRow.module.css";
import { pageCount } from "./parkedWords";

interface ParkedRowProps {
  readonly boxId: string;
  readonly invoice: ParkedInvoice;
  readonly isPicked: boolean;
  readonly onPick: (isPicked: boolean) => void;
}

export function ParkedRow({ boxId, invoice, isPicked, onPick }: ParkedRowProps): JSX.Element {
  const { id, title, kind, pages, parked } = invoice;
  const name = title || claimKindName(kind);
  const day = parked.issuedOn
    ? m.parked_dated({ date: formatDate(parked.issuedOn) })
    : m.parked_since({ date: formatDate(parked.parkedAt) });
  return (
    <li class={styles.row}>
      <input
        id={boxId}
        type="checkbox"
        checked={isPicked}
        onChange={(event) => onPick(event.currentTarget.checked)}
      />
      <label class={styles.label} for={boxId}>
        <span>{name}</span>
        <span class={styles.detail}>
          {[day, pages.length > 0 ? pageCount(pages.length) : chosenName(invoice)].join(" · ")}
        </span>
      </label>
      <span class={styles.figure}>
        {parked.amount ? (
          <Money amount={parked.amount} currency="EUR" />
        ) : (
          <span class="muted small">{m.parked_without_price()}</span>
        )}
        <a class={styles.change} href={claimDraftPath(id, "sammeln")}>
          {m.parked_change()}
          <span class="visually-hidden"> {name}</span>
        </a>
      </span>
    </li>
  );
}
