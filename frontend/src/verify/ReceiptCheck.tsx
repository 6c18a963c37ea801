/** Takes a receipt, and the file it is about if there was one, and says what they are worth. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { m } from "../paraglide/messages.js";
import { FileField } from "../ui/FileField";
import { Message } from "../ui/Message";
import { canVerify, sha256, toHex } from "./bytes";
import { fetchPublished, type Published } from "./published";
import { Verdict } from "./Verdict";
import { type Verification, verifyReceipt } from "./verifyReceipt";

/** No receipt is larger; reading on would only keep the page waiting. */
const LARGEST_RECEIPT = 1_000_000;

export function ReceiptCheck(): JSX.Element {
  const [isAble, setAble] = useState(true);
  const [published, setPublished] = useState<Promise<Published>>();
  const [receipt, setReceipt] = useState<string | null>(null);
  const [content, setContent] = useState<string | null>(null);
  const [found, setFound] = useState<Verification | null>(null);
  useEffect(() => {
    // Asked for now, so that the check works without the network later.
    setPublished(fetchPublished());
    void canVerify().then(setAble);
  }, []);
  useEffect(() => {
    if (receipt === null || !published) return;
    let isCurrent = true;
    setFound(null);
    void published
      .then((files) => verifyReceipt(receipt, { ...files, contentSha256: content }))
      .then((result) => isCurrent && setFound(result));
    return () => {
      isCurrent = false;
    };
  }, [receipt, content, published]);

  if (!isAble) {
    return (
      <Message kind="warning" title={m.verify_unsupported()}>
        <p>{m.verify_unsupported_text()}</p>
      </Message>
    );
  }
  const chooseReceipt = async (file: File) => {
    setReceipt(file.size > LARGEST_RECEIPT ? "" : await file.text());
  };
  const chooseContent = async (file: File) => {
    setContent(toHex(await sha256(await file.arrayBuffer())));
  };
  return (
    <div class="sections">
      <div class="stack">
        <FileField
          name="receipt"
          label={m.verify_receipt()}
          hint={m.verify_receipt_hint()}
          accept=".json,application/json"
          onChoose={([file]) => file && void chooseReceipt(file)}
        />
        <FileField
          name="submitted"
          label={m.verify_content()}
          hint={m.verify_content_hint()}
          onChoose={([file]) => file && void chooseContent(file)}
        />
      </div>
      {receipt !== null && !found && <p role="status">{m.verify_checking()}</p>}
      {found && <Verdict found={found} />}
    </div>
  );
}
