/** Where the mail's link leads: the mailbox is shown, something else follows, and access is back (X19). */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSession } from "../../lib/session";
import type { ServerSession } from "../../lib/sessionClock";
import { m } from "../../paraglide/messages.js";
import { Page } from "../../ui/Page";
import { DevicePassword } from "./DevicePassword";
import { FollowLink } from "./FollowLink";
import { LetterCode } from "./LetterCode";
import { LetterSent } from "./LetterSent";
import { NewCredentials } from "./NewCredentials";
import { keepRecovery, type OpenRecovery, type SentLetter, takeRecovery } from "./openRecovery";
import { RecoveryDone } from "./RecoveryDone";
import { RecoveryRefused } from "./RecoveryRefused";
import { SignedPassword } from "./SignedPassword";
import { useDevice } from "./useDevice";
import { Ways } from "./Ways";

type Choice = "ways" | "password" | "device" | "code" | "sent";

export function RecoverAccessPage(): JSX.Element {
  const { begin } = useSession();
  const [open, setOpen] = useState(takeRecovery);
  const [choice, setChoice] = useState<Choice>("ways");
  const [refusal, setRefusal] = useState<string>(m.recovery_link_broken());
  const device = useDevice(open?.emailAddress);
  const [done, setDone] = useState<"password" | "all" | null>(null);

  const goOn = (next: OpenRecovery) => setOpen(keepRecovery(next));
  const refuse = (message: string) => {
    setRefusal(message);
    setOpen(keepRecovery(null));
  };
  const enter = (session: ServerSession, what: "password" | "all") => {
    keepRecovery(null);
    setDone(what);
    begin(session);
  };
  const chooseAgain = () => setChoice("ways");

  if (done) {
    return (
      <Page key="done" title={m.recovery_done_title()}>
        <RecoveryDone what={done} />
      </Page>
    );
  }
  const recovery = open?.recovery;
  if (recovery && open.maskedPhoneNumber) {
    return (
      <NewCredentials
        recovery={recovery}
        maskedPhoneNumber={open.maskedPhoneNumber}
        onSignedIn={(session) => enter(session, "all")}
        onRefused={refuse}
      />
    );
  }
  if (recovery && choice === "password") {
    return (
      <Page key="password" title={m.recovery_password_title()} lead={m.recovery_password_lead()}>
        <SignedPassword
          recovery={recovery}
          onSignedIn={(session) => enter(session, "password")}
          onRefused={refuse}
          onOtherWay={chooseAgain}
        />
      </Page>
    );
  }
  if (recovery && choice === "device" && device) {
    return (
      <Page key="device" title={m.recovery_password_title()} lead={m.recovery_device_lead()}>
        <DevicePassword
          recovery={recovery}
          device={device}
          onSignedIn={(session) => enter(session, "password")}
          onRefused={refuse}
          onOtherWay={chooseAgain}
        />
      </Page>
    );
  }
  if (recovery && choice === "code") {
    return (
      <Page key="code" title={m.recovery_code_title()} lead={m.recovery_code_lead()}>
        <LetterCode
          recovery={recovery}
          onProved={(maskedPhoneNumber) => goOn({ ...open, maskedPhoneNumber })}
          onRefused={refuse}
          onOtherWay={chooseAgain}
        />
      </Page>
    );
  }
  if (recovery && choice === "sent" && open.letter) {
    return (
      <Page key="sent" title={m.recovery_letter_title()}>
        <LetterSent letter={open.letter} />
      </Page>
    );
  }
  if (recovery) {
    return (
      <Page key="ways" title={m.recovery_ways_title()} lead={m.recovery_ways_lead()}>
        <Ways
          recovery={recovery}
          ways={open.ways ?? []}
          letter={open.letter ?? null}
          isDevice={device !== null}
          onPassword={() => setChoice("password")}
          onDevice={() => setChoice("device")}
          onCode={() => setChoice("code")}
          onLetter={(letter: SentLetter) => {
            goOn({ ...open, letter });
            setChoice("sent");
          }}
          onRefused={refuse}
        />
      </Page>
    );
  }
  if (open?.token) {
    return (
      <Page key="link" title={m.recovery_open_title()} lead={m.recovery_open_lead()}>
        <FollowLink token={open.token} onFollowed={goOn} onRefused={refuse} />
      </Page>
    );
  }
  return (
    <Page key="refused" title={m.recovery_title()}>
      <RecoveryRefused message={refusal} />
    </Page>
  );
}
