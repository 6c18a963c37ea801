// Compiles the texts into src/paraglide, for everything that runs without Vite's plugin.
import { compile } from "@inlang/paraglide-js";
import { messageOptions } from "./messageOptions.mjs";

await compile(messageOptions);
