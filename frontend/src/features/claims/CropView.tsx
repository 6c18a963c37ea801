/** The photo with what will be cut off shaded; its sides follow the finger. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { m } from "../../paraglide/messages.js";
import styles from "./CropView.module.css";
import { type Crop, MOST_CUT } from "./edges";
import { turnedCanvas } from "./pageImage";

interface CropViewProps {
  readonly photo: Blob | null;
  readonly turns: number;
  readonly crop: Crop;
  readonly onCrop: (crop: Crop) => void;
}

type Side = keyof Crop;

const SIDE = 1200;
const GRIP = 0.12;

export function CropView({ photo, turns, crop, onCrop }: CropViewProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const held = useRef<readonly Side[]>([]);
  const [whole, setWhole] = useState<OffscreenCanvas | null>(null);
  useEffect(() => {
    let isGone = false;
    if (photo) void turnedCanvas(photo, turns, SIDE).then((drawn) => isGone || setWhole(drawn));
    return () => {
      isGone = true;
    };
  }, [photo, turns]);
  useEffect(() => {
    if (whole && canvas.current) draw(canvas.current, whole, crop);
  }, [whole, crop]);

  const drag = (event: PointerEvent) => {
    const at = placeOf(event);
    onCrop(held.current.reduce((before, side) => withSide(before, side, at), crop));
  };
  return (
    <canvas
      ref={canvas}
      class={styles.view}
      role="img"
      aria-label={m.claims_edit_view()}
      onPointerDown={(event) => {
        held.current = sidesAt(placeOf(event), crop);
        if (held.current.length > 0) event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => held.current.length > 0 && drag(event)}
      onPointerUp={() => {
        held.current = [];
      }}
      onPointerCancel={() => {
        held.current = [];
      }}
    />
  );
}

function draw(canvas: HTMLCanvasElement, whole: OffscreenCanvas, crop: Crop): void {
  const { width, height } = whole;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return;
  const { color, backgroundColor } = getComputedStyle(canvas);
  const [x, y] = [width * crop.left, height * crop.top];
  const [w, h] = [width * (1 - crop.left - crop.right), height * (1 - crop.top - crop.bottom)];
  context.drawImage(whole, 0, 0);
  context.fillStyle = backgroundColor;
  context.fillRect(0, 0, width, height);
  context.drawImage(whole, x, y, w, h, x, y, w, h);
  context.strokeStyle = color;
  context.lineWidth = Math.max(width, height) / 200;
  context.strokeRect(x, y, w, h);
}

/** Where on the picture, as parts of its width and height. */
function placeOf(event: JSX.TargetedPointerEvent<HTMLCanvasElement> | PointerEvent): {
  x: number;
  y: number;
} {
  const box = (event.currentTarget as HTMLCanvasElement).getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
}

/** The sides within reach: two in a corner. */
function sidesAt({ x, y }: { x: number; y: number }, crop: Crop): Side[] {
  const distances: [Side, number][] = [
    ["left", Math.abs(x - crop.left)],
    ["right", Math.abs(1 - x - crop.right)],
    ["top", Math.abs(y - crop.top)],
    ["bottom", Math.abs(1 - y - crop.bottom)],
  ];
  return distances.filter(([, distance]) => distance < GRIP).map(([side]) => side);
}

function withSide(crop: Crop, side: Side, { x, y }: { x: number; y: number }): Crop {
  const cut = { left: x, right: 1 - x, top: y, bottom: 1 - y }[side];
  return { ...crop, [side]: Math.min(MOST_CUT, Math.max(0, cut)) };
}
