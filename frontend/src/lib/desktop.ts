/** Whether this is a desktop browser: some institutions take claims from phones and tablets only (F49). */
export function isDesktopBrowser(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  if (/iPhone|iPad|Android/.test(userAgent)) return false;
  // An iPad calls itself Macintosh, and no Mac has a screen to touch.
  if (userAgent.includes("Macintosh")) return maxTouchPoints === 0;
  return /Windows|CrOS|Linux/.test(userAgent);
}
