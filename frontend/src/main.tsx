/** Entry of the portal. */
import { render } from "preact";
import "./styles/tokens.css";
import "./styles/fonts.css";
import "./styles/base.css";
import { App } from "./App";
import { applyLocale } from "./lib/locale";
import { registerServiceWorker } from "./lib/registerServiceWorker";
import { getLocale } from "./paraglide/runtime.js";

applyLocale(getLocale());
const root = document.getElementById("app");
if (root) render(<App />, root);
registerServiceWorker();
