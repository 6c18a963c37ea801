/** Rows that came by "Mehr laden": the focus goes on there, because the pressed button is gone. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

export function MoreRows({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    (box.current?.querySelector("a") ?? box.current)?.focus();
  }, []);
  return (
    <div ref={box} class="stack" tabIndex={-1}>
      {children}
    </div>
  );
}
