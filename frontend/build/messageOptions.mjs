// How the texts are compiled: the same for the build, the tests and the type check.
export const messageOptions = {
  project: "./project.inlang",
  outdir: "./src/paraglide",
  strategy: ["localStorage", "baseLocale"],
  localStorageKey: "kundenportal.locale",
  outputStructure: "message-modules",
  emitGitIgnore: false,
  emitPrettierIgnore: false,
  emitReadme: false,
};
