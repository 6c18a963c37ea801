/** Files on their way: handed over one by one, then asked for until the server has judged them. */
import { useClient } from "@urql/preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { graphql } from "../graphql/graphql";
import { m } from "../paraglide/messages.js";
import { getLocale } from "../paraglide/runtime.js";

const UploadQuery = graphql(`
  query Upload($id: ID!) {
    viewer {
      id
    }
    node(id: $id) {
      __typename
      ... on Upload {
        id
        fileName
        state
        message
      }
    }
  }
`);

const PAUSE_MS = 700;
const MOST_PAUSES = 120;

/** A file that the server has accepted, as a draft names it. */
export interface KeptFile {
  readonly id: string;
  readonly name: string;
}

/** For whom files are: an institution, or the customer's own use. */
export type UploadUse =
  | { readonly institution: string }
  | { readonly for: "self-added-contract" | "account-statement" };

export interface AttachedFile {
  /** For the list, before there is an id. */
  readonly number: number;
  readonly name: string;
  readonly state: "sending" | "checking" | "accepted" | "refused";
  readonly id?: string;
  /** Why it was refused and what to do. */
  readonly message?: string;
}

export interface Uploads {
  readonly files: readonly AttachedFile[];
  /** Ids of those that can be sent. */
  readonly accepted: string[];
  readonly kept: readonly KeptFile[];
  /** Why the message can't be sent with these files, or null. */
  readonly problem: string | null;
  readonly add: (files: readonly File[]) => void;
  readonly remove: (number: number) => void;
  readonly clear: () => void;
}

export function useUploads(use: UploadUse, kept: readonly KeptFile[]): Uploads {
  const client = useClient();
  const [files, setFiles] = useState<readonly AttachedFile[]>(() =>
    kept.map(({ id, name }, number) => ({ number, id, name, state: "accepted" })),
  );
  const next = useRef(kept.length);
  const isGone = useRef(false);
  useEffect(
    () => () => {
      isGone.current = true;
    },
    [],
  );

  const change = useCallback((number: number, values: Partial<AttachedFile>) => {
    setFiles((all) => all.map((one) => (one.number === number ? { ...one, ...values } : one)));
  }, []);

  const judge = async (number: number, id: string) => {
    for (let pause = 0; pause < MOST_PAUSES && !isGone.current; pause += 1) {
      const { data } = await client
        .query(UploadQuery, { id }, { requestPolicy: "network-only" })
        .toPromise();
      const upload = data?.node;
      if (upload?.__typename === "Upload" && upload.state !== "QUARANTINED") {
        const state = upload.state === "ACCEPTED" ? "accepted" : "refused";
        return change(number, { state, name: upload.fileName, message: upload.message ?? "" });
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    change(number, { state: "refused", message: m.messages_file_failed() });
  };

  const add = (chosen: readonly File[]) => {
    for (const file of chosen) {
      const number = next.current;
      next.current += 1;
      setFiles((all) => [...all, { number, name: file.name, state: "sending" }]);
      handOver(file, use).then(
        ({ id, message }) => {
          if (!id) return change(number, { state: "refused", message: message ?? "" });
          change(number, { state: "checking", id });
          return judge(number, id);
        },
        () => change(number, { state: "refused", message: m.messages_file_failed() }),
      );
    }
  };

  const accepted = files.filter(({ state }) => state === "accepted");
  const isWaiting = files.some(({ state }) => state === "sending" || state === "checking");
  const isRefused = files.some(({ state }) => state === "refused");
  return {
    files,
    accepted: accepted.flatMap(({ id }) => (id ? [id] : [])),
    kept: accepted.flatMap(({ id, name }) => (id ? [{ id, name }] : [])),
    problem: isRefused
      ? m.messages_remove_refused()
      : isWaiting
        ? m.messages_wait_for_check()
        : null,
    add,
    remove: (number) => setFiles((all) => all.filter((one) => one.number !== number)),
    clear: () => setFiles([]),
  };
}

async function handOver(
  file: File,
  use: UploadUse,
): Promise<{ readonly id?: string; readonly message?: string }> {
  const response = await fetch(`/uploads?${new URLSearchParams(use)}`, {
    method: "POST",
    body: file,
    headers: {
      "Accept-Language": getLocale(),
      "Content-Type": file.type || "application/octet-stream",
      "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    },
  });
  return await response.json();
}
