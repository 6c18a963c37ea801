/** Pictures from the device, or from its own camera where none can be opened here. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { canUseCamera } from "./useCamera";

interface PictureInputProps {
  readonly acceptsPdf: boolean;
  readonly acceptsInvoices: boolean;
  readonly onChoose: (files: readonly File[]) => void;
}

const PICTURES = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif";

export function PictureInput(props: PictureInputProps): JSX.Element {
  const { onChoose } = props;
  const gallery = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const choose = (input: HTMLInputElement) => {
    onChoose(Array.from(input.files ?? []));
    input.value = "";
  };
  return (
    <>
      {!canUseCamera() && (
        <>
          <Button onClick={() => camera.current?.click()}>{m.claims_photograph()}</Button>
          <input
            ref={camera}
            type="file"
            accept="image/*"
            capture="environment"
            hidden
            aria-label={m.claims_photograph()}
            onChange={(event) => choose(event.currentTarget)}
          />
        </>
      )}
      <Button kind="secondary" onClick={() => gallery.current?.click()}>
        {choiceText(props)}
      </Button>
      <input
        ref={gallery}
        id="pictures"
        type="file"
        multiple
        accept={acceptOf(props)}
        hidden
        aria-label={m.claims_choose()}
        onChange={(event) => choose(event.currentTarget)}
      />
    </>
  );
}

function choiceText({ acceptsPdf, acceptsInvoices }: PictureInputProps): string {
  if (acceptsInvoices) return m.claims_choose_with_invoice();
  return acceptsPdf ? m.claims_choose_with_pdf() : m.claims_choose();
}

function acceptOf({ acceptsPdf, acceptsInvoices }: PictureInputProps): string {
  return [
    PICTURES,
    ...(acceptsPdf ? ["application/pdf"] : []),
    ...(acceptsInvoices ? ["application/xml", "text/xml", ".xml"] : []),
  ].join(",");
}
