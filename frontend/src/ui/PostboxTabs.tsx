/** The folders of the postbox and, beside them, the messages. */
import type { JSX } from "preact";
import { formatCount } from "../lib/format";
import { paths } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { Tabs } from "./Tabs";

type PostboxTab = "eingang" | "ungelesen" | "gesendet" | "archiv" | "nachrichten";

interface PostboxTabsProps {
  readonly current: PostboxTab;
  /** Answers that were not read yet, once it is known. */
  readonly unreadMessages?: number;
}

export function PostboxTabs({ current, unreadMessages = 0 }: PostboxTabsProps): JSX.Element {
  const messages =
    unreadMessages > 0
      ? m.postbox_messages_unread({ count: formatCount(unreadMessages) })
      : m.postbox_messages();
  const tab = (name: PostboxTab, href: string, label: string) => ({
    href,
    label,
    isCurrent: name === current,
  });
  return (
    <Tabs
      label={m.postbox_folders()}
      tabs={[
        tab("eingang", paths.postbox, m.postbox_inbox()),
        tab("ungelesen", `${paths.postbox}?ordner=ungelesen`, m.postbox_unread()),
        tab("gesendet", `${paths.postbox}?ordner=gesendet`, m.postbox_sent()),
        tab("archiv", `${paths.postbox}?ordner=archiv`, m.postbox_archive()),
        tab("nachrichten", paths.messages, messages),
      ]}
    />
  );
}
