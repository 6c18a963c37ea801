// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { afterPress } from "../src/lib/afterPress";

const pointer = (type: string) => document.dispatchEvent(new Event(type));

test("without a press it runs at once", () => {
  const act = vi.fn();
  afterPress(act);
  expect(act).toHaveBeenCalledOnce();
});

test.each(["pointerup", "pointercancel"])("a press holds it back until %s", async (end) => {
  const act = vi.fn();
  pointer("pointerdown");
  afterPress(act);
  expect(act).not.toHaveBeenCalled();
  pointer(end);
  await vi.waitFor(() => expect(act).toHaveBeenCalledOnce());
  pointer("pointerdown");
  pointer("pointerup");
  await new Promise((resolve) => setTimeout(resolve));
  expect(act).toHaveBeenCalledOnce();
});
