// Runs before the first paint, so that a chosen theme never flashes; a file of its own because the CSP allows no inline script.
try {
  const chosen = localStorage.getItem("kundenportal.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  const locale = localStorage.getItem("kundenportal.locale");
  if (locale === "de" || locale === "en") document.documentElement.lang = locale;
} catch {
  // Storage is blocked: the system's theme and German stay.
}
