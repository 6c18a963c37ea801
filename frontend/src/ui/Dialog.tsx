/** A modal question; the browser keeps the focus inside and gives it back afterwards. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import styles from "./Dialog.module.css";

interface DialogProps {
  readonly title: string;
  /** Escape, or the page behind asked to close. */
  readonly onClose: () => void;
  /** Id of what is read out after the title, without moving there. */
  readonly describedBy?: string;
  readonly children: ComponentChildren;
}

export function Dialog({ title, onClose, describedBy, children }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  // A browser may close it on a second Escape without asking: then it opens again unless it may go.
  const insist = () => {
    onClose();
    setTimeout(() => {
      const element = dialog.current;
      if (element?.isConnected && !element.open) element.showModal();
    });
  };
  return (
    <dialog
      ref={dialog}
      class={styles.dialog}
      aria-labelledby={titleId}
      aria-describedby={describedBy}
      onClose={() => dialog.current && insist()}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class={styles.content}>
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
