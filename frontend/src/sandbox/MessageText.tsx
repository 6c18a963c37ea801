/** The text of a message as it was sent; addresses of this portal can be followed. */
import type { JSX } from "preact";
import styles from "./MessageList.module.css";

export function MessageText({ text }: { readonly text: string }): JSX.Element {
  const pieces = text.trim().split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/);
  return (
    <p class={styles.text}>
      {pieces.map((piece) =>
        isOurs(piece) ? (
          <a key={piece} href={piece}>
            {piece}
          </a>
        ) : (
          piece
        ),
      )}
    </p>
  );
}

function isOurs(piece: string): boolean {
  return URL.canParse(piece) && new URL(piece).origin === location.origin;
}
