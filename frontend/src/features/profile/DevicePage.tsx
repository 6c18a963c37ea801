/** One remembered device: what is known of it; rename, lock or remove it (X18). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { RefusedState } from "../../ui/RefusedState";
import { Skeleton } from "../../ui/Skeleton";
import { DeviceView, DeviceViewFragment } from "./DeviceView";

const DeviceQuery = graphql(
  `
    query Device($id: ID!) {
      viewer {
        id
        emailAddress
      }
      node(id: $id) {
        __typename
        id
        ...DeviceView
      }
    }
  `,
  [DeviceViewFragment],
);

const back = () => ({ href: paths.security, label: m.profile_security() });

export function DevicePage({ id }: { readonly id: string }): JSX.Element {
  const [removed, setRemoved] = useState<string | null>(null);
  if (removed) {
    return (
      <Page key="removed" title={m.devices_removed_title()} back={back()}>
        <Message kind="success">
          <p>{m.devices_removed_text({ name: removed })}</p>
        </Message>
      </Page>
    );
  }
  return (
    <ViewerQuery
      query={DeviceQuery}
      variables={{ id }}
      pending={
        <Page title={m.devices_one_title()} back={back()}>
          <Skeleton rows={4} shape="text" />
        </Page>
      }
    >
      {({ emailAddress }, { data: { node } }) =>
        node?.__typename === "Device" ? (
          <DeviceView
            device={node}
            emailAddress={emailAddress}
            back={back()}
            onRemoved={setRemoved}
          />
        ) : (
          <Page title={m.devices_absent_title()} back={back()}>
            <RefusedState title={m.devices_absent_title()}>
              <p>{m.devices_absent_text()}</p>
            </RefusedState>
            <div>
              <Button kind="secondary" href={paths.security}>
                {m.devices_to_list()}
              </Button>
            </div>
          </Page>
        )
      }
    </ViewerQuery>
  );
}
