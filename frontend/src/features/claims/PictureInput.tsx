/** Pictures from the device, or from its own camera where none can be opened here. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { chooseText, type TakenFiles } from "./takenFiles";
import { canUseCamera } from "./useCamera";

interface PictureInputProps extends TakenFiles {
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
        {chooseText(props)}
      </Button>
      <input
        ref={gallery}
        id="pictures"
        type="file"
        multiple
        accept={acceptOf(props)}
        hidden
        aria-label={chooseText(props)}
        onChange={(event) => choose(event.currentTarget)}
      />
    </>
  );
}

function acceptOf({ acceptsPdf, acceptsInvoices }: TakenFiles): string {
  return [
    PICTURES,
    ...(acceptsPdf ? ["application/pdf"] : []),
    ...(acceptsInvoices ? ["application/xml", "text/xml", ".xml"] : []),
  ].join(",");
}
