/** @jsxImportSource react */
/** Entry of /graphiql: an explorer for developers, in the sandbox only; none of it reaches the portal. */
import { createRoot } from "react-dom/client";
import "graphiql/setup-workers/vite";
import "@graphiql/react/font/fira-code.css";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "../styles/tokens.css";
import "../styles/fonts.css";
import { getLocale } from "../paraglide/runtime.js";
import { GraphiqlApp } from "./GraphiqlApp";

document.documentElement.lang = getLocale();
const root = document.getElementById("app");
if (root) createRoot(root).render(<GraphiqlApp />);
