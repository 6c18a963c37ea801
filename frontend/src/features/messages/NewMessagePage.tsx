/** Begin a conversation, asked for by a link or not, answer a letter (F109: one answered before is continued) or return a form (F110). */
import { readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { useLocale } from "../../lib/locale";
import { conversationPath, documentPath, paths } from "../../lib/paths";
import { singleLine } from "../../lib/subject";
import { m } from "../../paraglide/messages.js";
import { AttachableFragment } from "../../ui/attachable";
import { Page } from "../../ui/Page";
import { SelectField } from "../../ui/SelectField";
import { Skeleton } from "../../ui/Skeleton";
import { ComposeForm } from "./ComposeForm";
import { Redirect } from "./Redirect";

const NewMessageQuery = graphql(
  `
  query NewMessage($about: ID!, $locale: Locale!, $filter: ConversationFilter) {
    institutions {
      id
      name
      ...Attachable
    }
    policy {
      largestAttachmentMegabytes
    }
    viewer {
      id
      conversations(first: 1, filter: $filter) {
        nodes {
          id
        }
      }
    }
    node(id: $about) {
      __typename
      ... on Document {
        id
        subject
        institution {
          id
          name
          ...Attachable
        }
      }
      ... on Form {
        id
        title(locale: $locale)
        institution {
          id
          name
          ...Attachable
        }
      }
    }
  }
`,
  [AttachableFragment],
);

export function NewMessagePage(): JSX.Element {
  const { query } = useLocation();
  const letter = query.brief ?? "";
  const locale = useLocale().locale === "de" ? ("DE" as const) : ("EN" as const);
  const [institution, setInstitution] = useState("");
  return (
    <Page title={m.messages_new_title()} back={{ href: paths.messages, label: m.messages_title() }}>
      <ViewerQuery
        query={NewMessageQuery}
        variables={{
          about: letter || (query.formular ?? ""),
          locale,
          filter: { document: letter || "-" },
        }}
        pending={<Skeleton rows={6} shape="text" />}
      >
        {(viewer, { data: { node, institutions, policy } }) => {
          const megabytes = policy.largestAttachmentMegabytes;
          const [known] = viewer.conversations.nodes;
          if (known) return <Redirect to={conversationPath(known.id)} />;
          if (node?.__typename === "Document") {
            return (
              <>
                <p>
                  {m.messages_to_institution({ name: node.institution.name })}
                  <br />
                  {m.messages_about()} <a href={documentPath(node.id)}>{node.subject}</a>
                </p>
                <ComposeForm
                  place={`${viewer.id}:${node.id}`}
                  institution={readFragment(AttachableFragment, node.institution)}
                  megabytes={megabytes}
                  to={{ document: node.id }}
                />
              </>
            );
          }
          if (node?.__typename === "Form") {
            return (
              <>
                <p>
                  {m.messages_to_institution({ name: node.institution.name })}
                  <br />
                  {m.messages_form_hint({ title: node.title })}
                </p>
                <ComposeForm
                  place={`${viewer.id}:${node.id}`}
                  institution={readFragment(AttachableFragment, node.institution)}
                  megabytes={megabytes}
                  subject={node.title}
                  to={null}
                />
              </>
            );
          }
          const asked = institutions.find(({ id }) => id === query.an);
          const subject = singleLine(query.betreff ?? "");
          if (asked) {
            return (
              <>
                <p>{m.messages_to_institution({ name: asked.name })}</p>
                <ComposeForm
                  place={`${viewer.id}:${asked.id}:${subject}`}
                  institution={readFragment(AttachableFragment, asked)}
                  megabytes={megabytes}
                  subject={subject}
                  to={null}
                />
              </>
            );
          }
          const chosen = institutions.find(({ id }) => id === institution) ?? institutions[0];
          if (!chosen) return null;
          return (
            <ComposeForm
              place={`${viewer.id}:neu`}
              institution={readFragment(AttachableFragment, chosen)}
              megabytes={megabytes}
              to={null}
            >
              <SelectField
                name="institution"
                label={m.messages_to()}
                value={chosen.id}
                options={institutions.map(({ id, name }) => ({ value: id, label: name }))}
                onChange={setInstitution}
              />
            </ComposeForm>
          );
        }}
      </ViewerQuery>
    </Page>
  );
}
