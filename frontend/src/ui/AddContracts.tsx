/** Nothing here yet: the way to one's contracts is the code from the letter. */
import type { JSX } from "preact";
import { paths } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";

export function AddContracts(): JSX.Element {
  return (
    <>
      <p>{m.contracts_add_text()}</p>
      <div>
        <Button href={paths.addContracts}>{m.contracts_add()}</Button>
      </div>
    </>
  );
}
