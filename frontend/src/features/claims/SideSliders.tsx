/** The four sides of a crop for those who don't drag: one slider each, in per cent. */
import type { JSX } from "preact";
import { m } from "../../paraglide/messages.js";
import { type Crop, MOST_CUT } from "./edges";
import styles from "./SideSliders.module.css";

interface SideSlidersProps {
  readonly crop: Crop;
  readonly onCrop: (crop: Crop) => void;
}

const SIDES = ["top", "right", "bottom", "left"] as const;

export function SideSliders({ crop, onCrop }: SideSlidersProps): JSX.Element {
  return (
    <fieldset class={styles.sides}>
      <legend>{m.claims_edit_crop()}</legend>
      {SIDES.map((side) => (
        <label key={side} class={styles.side}>
          <span>{nameOf(side)}</span>
          <input
            type="range"
            min={0}
            max={MOST_CUT * 100}
            step={1}
            value={Math.round(crop[side] * 100)}
            aria-valuetext={`${Math.round(crop[side] * 100)} %`}
            onInput={(event) =>
              onCrop({ ...crop, [side]: Number(event.currentTarget.value) / 100 })
            }
          />
        </label>
      ))}
    </fieldset>
  );
}

function nameOf(side: (typeof SIDES)[number]): string {
  switch (side) {
    case "top":
      return m.claims_edit_top();
    case "right":
      return m.claims_edit_right();
    case "bottom":
      return m.claims_edit_bottom();
    case "left":
      return m.claims_edit_left();
  }
}
