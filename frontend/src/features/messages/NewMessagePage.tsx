/** Begin a conversation, asked for by a link or not, answer a letter (F109: one answered before is continued) or return a form (F110). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { useLocale } from "../../lib/locale";
import { conversationPath, documentPath, paths } from "../../lib/paths";
import { singleLine } from "../../lib/subject";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { SelectField } from "../../ui/SelectField";
import { Skeleton } from "../../ui/Skeleton";
import { ComposeForm } from "./ComposeForm";
import { Redirect } from "./Redirect";

const NewMessageQuery = graphql(`
  query NewMessage($about: ID!, $locale: Locale!, $filter: ConversationFilter) {
    institutions {
      id
      name
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
        }
      }
      ... on Form {
        id
        title(locale: $locale)
        institution {
          id
          name
        }
      }
    }
  }
`);

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
        {(viewer, { data: { node, institutions } }) => {
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
                  institution={node.institution.id}
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
                  institution={node.institution.id}
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
                  institution={asked.id}
                  subject={subject}
                  to={null}
                />
              </>
            );
          }
          const chosen = institution || institutions[0]?.id || "";
          return (
            <ComposeForm place={`${viewer.id}:neu`} institution={chosen} to={null}>
              <SelectField
                name="institution"
                label={m.messages_to()}
                value={chosen}
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
