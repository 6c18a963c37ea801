/** Entry of /quittung-pruefen: needs neither the portal's session nor, once loaded, the server. */
import { render } from "preact";
import "../styles/tokens.css";
import "../styles/fonts.css";
import "../styles/base.css";
import { applyLocale } from "../lib/locale";
import { getLocale } from "../paraglide/runtime.js";
import { VerifyApp } from "./VerifyApp";

applyLocale(getLocale());
const root = document.getElementById("app");
if (root) render(<VerifyApp />, root);
