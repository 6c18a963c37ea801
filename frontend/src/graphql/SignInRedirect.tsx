/** Sends somebody without a session to the sign-in page, and back afterwards. */

import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";
import { signInPath } from "../lib/paths";

export function SignInRedirect(): null {
  const { url, route } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; the router keeps this page while the sign-in page loads, and by then the address is another.
  useEffect(() => route(signInPath(url), true), []);
  return null;
}
