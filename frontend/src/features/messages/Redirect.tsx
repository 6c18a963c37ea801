/** Goes to another page instead of this one. */
import { useEffect } from "preact/hooks";
import { useLocation } from "preact-iso";

export function Redirect({ to }: { readonly to: string }): null {
  const { route } = useLocation();
  useEffect(() => route(to, true), [to, route]);
  return null;
}
