/** "Konto hinzufügen": files of another bank, each read and taken over as soon as it is there (F9). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { FileField } from "../../ui/FileField";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { useUploads } from "../../ui/useUploads";
import { StatementFile } from "./StatementFile";

/** Windows knows no media types of bank files, and banks name MT940 as they like. */
const ACCEPTED =
  ".xml,.camt,.csv,.txt,.sta,.mt940,.mta,.940,.zip,text/xml,application/xml,text/csv,application/zip";

const AddAccountQuery = graphql(`
  query AddAccount {
    policy {
      largestStatementMegabytes
    }
    viewer {
      id
    }
  }
`);

export function AddAccountPage(): JSX.Element {
  return (
    <Page
      title={m.self_added_account_add_title()}
      lead={m.self_added_account_add_lead()}
      back={{ href: paths.contracts, label: m.contracts_title() }}
    >
      <ViewerQuery query={AddAccountQuery} variables={{}} pending={<Skeleton rows={4} />}>
        {(_viewer, { data }) => <Files megabytes={data.policy.largestStatementMegabytes} />}
      </ViewerQuery>
    </Page>
  );
}

function Files({ megabytes }: { readonly megabytes: number }): JSX.Element {
  const uploads = useUploads({ for: "account-statement" }, []);
  return (
    <div class="sections">
      <FileField
        name="statements"
        label={m.self_added_account_files()}
        hint={m.self_added_account_files_hint({ megabytes: String(megabytes) })}
        accept={ACCEPTED}
        isMultiple
        onChoose={uploads.add}
      />
      {uploads.files.length > 0 && (
        <Section title={m.self_added_account_result()}>
          <div class="stack">
            {uploads.files.map((file) => (
              <StatementFile key={file.number} file={file} />
            ))}
          </div>
        </Section>
      )}
    </div>
  );
}
