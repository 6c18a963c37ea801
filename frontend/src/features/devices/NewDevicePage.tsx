/** "Neues Gerät": a code for the old one to read, and the wait for its approval (M8). */
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { DeviceHandover, DeviceHandoverFragment } from "./DeviceHandover";

const NewDeviceQuery = graphql(
  `
    query NewDevice {
      viewer {
        id
        emailAddress
        devices {
          id
          isCurrent
          ...DeviceHandover
        }
      }
    }
  `,
  [DeviceHandoverFragment],
);

export function NewDevicePage(): JSX.Element {
  return (
    <Page
      title={m.devices_new_title()}
      lead={m.devices_new_lead()}
      back={{ href: paths.security, label: m.profile_security() }}
    >
      <ViewerQuery query={NewDeviceQuery} variables={{}} pending={<Skeleton rows={3} />}>
        {({ devices, emailAddress }, { refetch }) => {
          const current = devices.find(({ isCurrent }) => isCurrent);
          return current ? (
            <DeviceHandover device={current} emailAddress={emailAddress} onPoll={refetch} />
          ) : (
            <Message kind="info" title={m.devices_new_needs()}>
              <p>{m.devices_new_needs_text()}</p>
            </Message>
          );
        }}
      </ViewerQuery>
    </Page>
  );
}
