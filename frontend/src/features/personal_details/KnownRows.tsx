/** What companies have, each value once with those that have it. */
import type { JSX } from "preact";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";

interface KnownRowsProps {
  readonly known: readonly { readonly line: string | null; readonly institution: string }[];
}

export function KnownRows({ known }: KnownRowsProps): JSX.Element {
  const lines = [...new Set(known.map(({ line }) => line))];
  return (
    <>
      {lines.map((line) => (
        <Row
          key={line}
          title={line ?? m.personal_details_unknown()}
          detail={known
            .filter((one) => one.line === line)
            .map(({ institution }) => institution)
            .join(" · ")}
        />
      ))}
    </>
  );
}
