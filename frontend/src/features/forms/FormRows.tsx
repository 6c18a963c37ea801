/** Forms with what they are for, to take along and to send back. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatBytes, formatDate } from "../../lib/format";
import { returnFormPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Rows } from "../../ui/Rows";
import styles from "./FormRows.module.css";

export const FormRowsFragment = graphql(`
  fragment FormRows on FormConnection {
    nodes {
      id
      title(locale: $locale)
      description(locale: $locale)
      institution {
        id
        name
      }
      startDate
      endDate
      size
      fileName
      downloadUrl
    }
  }
`);

interface FormRowsProps {
  readonly forms: FragmentOf<typeof FormRowsFragment>;
}

export function FormRows({ forms }: FormRowsProps): JSX.Element {
  const { nodes } = readFragment(FormRowsFragment, forms);
  return (
    <Rows label={m.forms_title()}>
      {nodes.map((form) => (
        <li key={form.id} class={styles.form}>
          <div class={styles.text}>
            <strong>{form.title}</strong>
            <span>{form.description}</span>
            <span class="muted small">
              {[
                form.institution.name,
                m.forms_since({ date: formatDate(form.startDate) }),
                form.endDate && m.forms_until({ date: formatDate(form.endDate) }),
                m.forms_size({ size: formatBytes(form.size) }),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </div>
          <div class="buttons">
            <Button kind="secondary" href={form.downloadUrl} download={form.fileName}>
              {m.forms_download()}
              <span class="visually-hidden"> {form.title}</span>
            </Button>
            <Button kind="quiet" href={returnFormPath(form.id)}>
              {m.forms_return()}
              <span class="visually-hidden"> {form.title}</span>
            </Button>
          </div>
        </li>
      ))}
    </Rows>
  );
}
