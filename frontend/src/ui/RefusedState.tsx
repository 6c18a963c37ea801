/** The portal may not do this: says what, why and the way out. */
import type { ComponentChildren, JSX } from "preact";
import { Message } from "./Message";

interface RefusedStateProps {
  readonly title: string;
  /** Why, and what to do instead; end with a contact or a link. */
  readonly children: ComponentChildren;
}

export function RefusedState({ title, children }: RefusedStateProps): JSX.Element {
  return (
    <Message kind="warning" title={title} isAlert>
      {children}
    </Message>
  );
}
