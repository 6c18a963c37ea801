/** @jsxImportSource react */
/** Whose data the queries below will show; asked again when one comes back to this tab. */
import { type JSX, useEffect, useState } from "react";
import { m } from "../paraglide/messages.js";
import { askPortal } from "./fetcher";

type Name = string | null | undefined;

export function WhoAmI(): JSX.Element {
  const [name, setName] = useState<Name>();
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState === "visible") viewerName().then(setName, () => setName(null));
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => document.removeEventListener("visibilitychange", ask);
  }, []);
  return <p role="status">{name === undefined ? "" : sentence(name)}</p>;
}

function sentence(name: string | null): string {
  return name === null ? m.graphiql_signed_out() : m.graphiql_signed_in({ name });
}

async function viewerName(): Promise<string | null> {
  const answer = await askPortal({ query: "query WhoAmI { viewer { displayName } }" });
  const data = answer.data as { viewer: { displayName: string } | null } | undefined;
  return data?.viewer?.displayName ?? null;
}
