/** @jsxImportSource react */
/** GraphiQL on this portal's schema, with explorer, documentation and example queries as tabs. */
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { GraphiQL, type GraphiQLProps, HISTORY_PLUGIN } from "graphiql";
import type { JSX } from "react";
import { chosenTheme } from "../lib/theme";
import { m } from "../paraglide/messages.js";
import { examples } from "./examples";
import { askPortal } from "./fetcher";
import styles from "./GraphiqlApp.module.css";
import { WhoAmI } from "./WhoAmI";

const plugins = [explorerPlugin(), HISTORY_PLUGIN];
const fetcher: GraphiQLProps["fetcher"] = (operation, options) =>
  askPortal(operation, options?.headers) as ReturnType<GraphiQLProps["fetcher"]>;

export function GraphiqlApp(): JSX.Element {
  const theme = chosenTheme();
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <h1>{m.graphiql_title()}</h1>
        <WhoAmI />
        <nav aria-label={m.graphiql_ways()}>
          <a href="/sandbox">{m.graphiql_to_sandbox()}</a> <a href="/">{m.graphiql_to_portal()}</a>
        </nav>
      </header>
      <main className={styles.editor}>
        <GraphiQL
          fetcher={fetcher}
          plugins={plugins}
          defaultTabs={examples}
          defaultTheme={theme === "system" ? null : theme}
          defaultEditorToolsVisibility
        >
          <GraphiQL.Logo>{m.graphiql_logo()}</GraphiQL.Logo>
        </GraphiQL>
      </main>
    </div>
  );
}
