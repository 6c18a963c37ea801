/** Pages photographed one after the other, without leaving the camera. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Message } from "../../ui/Message";
import styles from "./CameraDialog.module.css";
import { useCamera } from "./useCamera";

interface CameraDialogProps {
  readonly pages: number;
  /** Resolves once the page is kept. */
  readonly onPhoto: (video: HTMLVideoElement) => Promise<void>;
  readonly onClose: () => void;
}

export function CameraDialog({ pages, onPhoto, onClose }: CameraDialogProps): JSX.Element {
  const { video, state } = useCamera();
  const [isBusy, setBusy] = useState(false);
  const shoot = async () => {
    if (!video.current) return;
    setBusy(true);
    await onPhoto(video.current).finally(() => setBusy(false));
  };
  const hasFailed = state === "denied" || state === "absent";
  return (
    <Dialog title={m.claims_camera_title()} onClose={onClose}>
      {hasFailed ? (
        <Message kind="warning" isAlert title={m.claims_camera_failed_title()}>
          <p>
            {state === "denied" ? m.claims_camera_denied_text() : m.claims_camera_absent_text()}
          </p>
        </Message>
      ) : (
        <>
          <p class="small muted">{m.claims_camera_hint()}</p>
          <video
            ref={video}
            class={styles.view}
            muted
            playsInline
            aria-label={m.claims_camera_view()}
          />
          <p role="status">{pageCount(pages)}</p>
        </>
      )}
      <div class="buttons">
        {!hasFailed && (
          <Button isBusy={isBusy || state !== "ready"} onClick={() => void shoot()}>
            {m.claims_camera_shoot()}
          </Button>
        )}
        <Button kind="secondary" onClick={onClose}>
          {pages > 0 ? m.claims_camera_done() : m.common_close()}
        </Button>
      </div>
    </Dialog>
  );
}

function pageCount(pages: number): string {
  if (pages === 0) return m.claims_no_page_yet();
  return pages === 1 ? m.claims_pages_one() : m.claims_pages_other({ count: String(pages) });
}
