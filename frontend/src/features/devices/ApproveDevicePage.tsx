/** Where the QR code leads, on the old device: it approves the new one in its place (M8). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { m } from "../../paraglide/messages.js";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { RefusedState } from "../../ui/RefusedState";
import { Skeleton } from "../../ui/Skeleton";
import { ApproveDevice } from "./ApproveDevice";
import { dropToken, takeToken } from "./handoverToken";

const ApproveDeviceQuery = graphql(`
  query ApproveDevice {
    viewer {
      id
      emailAddress
    }
  }
`);

export function ApproveDevicePage(): JSX.Element {
  const [token] = useState(takeToken);
  const [approved, setApproved] = useState<string | null>(null);
  if (approved) {
    return (
      <Page key="done" title={m.devices_new_done_title()}>
        <Message kind="success">
          <p>{m.devices_approve_done_text({ name: approved })}</p>
        </Message>
      </Page>
    );
  }
  if (!token) {
    return (
      <Page key="broken" title={m.devices_approve_title()}>
        <RefusedState title={m.devices_approve_refused()}>
          <p>{m.devices_approve_broken()}</p>
        </RefusedState>
      </Page>
    );
  }
  return (
    <Page title={m.devices_approve_title()} lead={m.devices_approve_lead()}>
      <ViewerQuery query={ApproveDeviceQuery} variables={{}} pending={<Skeleton rows={2} />}>
        {({ emailAddress }) => (
          <ApproveDevice
            token={token}
            emailAddress={emailAddress}
            onApproved={(name) => {
              dropToken();
              setApproved(name);
            }}
          />
        )}
      </ViewerQuery>
    </Page>
  );
}
