/** Entry of /sandbox; none of it reaches the portal. */
import { render } from "preact";
import "../styles/tokens.css";
import "../styles/fonts.css";
import "../styles/base.css";
import { applyLocale } from "../lib/locale";
import { getLocale } from "../paraglide/runtime.js";
import { SandboxApp } from "./SandboxApp";

applyLocale(getLocale());
const root = document.getElementById("app");
if (root) render(<SandboxApp />, root);
