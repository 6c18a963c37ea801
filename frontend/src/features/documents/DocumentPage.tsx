/** A letter on its own page: the document, its data, download and print. */
import { useMutation } from "@urql/preact";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { answerPath, paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { RefusedState } from "../../ui/RefusedState";
import { Skeleton } from "../../ui/Skeleton";
import { Archiving, ArchivingFragment } from "./Archiving";
import { DocumentData, DocumentDataFragment } from "./DocumentData";
import { DocumentDelivery, DocumentDeliveryFragment } from "./DocumentDelivery";
import { ObjectionPeriod, ObjectionPeriodFragment } from "./ObjectionPeriod";
import { PdfView } from "./PdfView";
import { TextView } from "./TextView";

const DocumentQuery = graphql(
  `
    query Document($id: ID!) {
      viewer {
        id
      }
      node(id: $id) {
        __typename
        ... on Document {
          id
          subject
          direction
          isUnread
          mediaType
          fileName
          downloadUrl
          ...Archiving
          ...DocumentData
          ...DocumentDelivery
          ...ObjectionPeriod
        }
      }
    }
  `,
  [ArchivingFragment, DocumentDataFragment, DocumentDeliveryFragment, ObjectionPeriodFragment],
);

const OpenDocumentMutation = graphql(`
  mutation OpenDocument($input: OpenDocumentInput!) {
    openDocument(input: $input) {
      __typename
      ... on Document {
        id
        firstOpenedAt
        isUnread
      }
      ... on Refusal {
        message
      }
    }
  }
`);

const back = () => ({ href: paths.postbox, label: m.postbox_title() });

export function DocumentPage({ id }: { readonly id: string }): JSX.Element {
  return (
    <ViewerQuery
      query={DocumentQuery}
      variables={{ id }}
      pending={
        <Page title={m.documents_title()} back={back()}>
          <Skeleton rows={10} shape="text" />
        </Page>
      }
    >
      {(_viewer, { data: { node } }) => {
        if (node?.__typename !== "Document") return <DocumentNotFound />;
        const answer = node.direction === "INCOMING" && (
          <Button href={answerPath(node.id)}>{m.documents_answer()}</Button>
        );
        return (
          <Page title={node.subject} back={back()}>
            {node.isUnread && <MarkAsRead id={node.id} />}
            <ObjectionPeriod document={node} />
            <Content
              key={node.id}
              mediaType={node.mediaType}
              url={node.downloadUrl}
              fileName={node.fileName}
            >
              {answer}
            </Content>
            <Archiving document={node} />
            <div class="no-print sections">
              {node.direction === "INCOMING" && <DocumentDelivery document={node} />}
              <DocumentData document={node} />
            </div>
          </Page>
        );
      }}
    </ViewerQuery>
  );
}

interface ContentProps {
  readonly mediaType: string;
  readonly url: string;
  readonly fileName: string;
  readonly children: ComponentChildren;
}

function Content({ mediaType, url, fileName, children }: ContentProps): JSX.Element {
  if (mediaType === "application/pdf") {
    return (
      <PdfView url={url} fileName={fileName}>
        {children}
      </PdfView>
    );
  }
  if (mediaType.startsWith("text/plain")) return <TextView url={url} fileName={fileName} />;
  return (
    <>
      <p>{m.documents_no_preview()}</p>
      <div class="buttons">
        {children}
        <Button kind={children ? "secondary" : "primary"} href={url} download={fileName}>
          {m.documents_download()}
        </Button>
      </div>
    </>
  );
}

/** Records that the letter was opened: looking at it is what a person does, not the query. */
function MarkAsRead({ id }: { readonly id: string }): null {
  const [, open] = useMutation(OpenDocumentMutation);
  useEffect(() => {
    void open({ input: { document: id } });
  }, [id, open]);
  return null;
}

function DocumentNotFound(): JSX.Element {
  return (
    <Page title={m.documents_title()} back={back()}>
      <RefusedState title={m.documents_not_found_title()}>
        <p>{m.documents_not_found_text()}</p>
        <p>
          <Button kind="secondary" href={paths.postbox}>
            {m.documents_to_postbox()}
          </Button>
        </p>
      </RefusedState>
    </Page>
  );
}
