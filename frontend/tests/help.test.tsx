// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { openPortal, press, shellPortal, text } from "./portal";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const help = {
  portal: { __typename: "Portal", customerService: shellPortal.customerService },
  policy: {
    __typename: "Policy",
    help: [
      {
        __typename: "HelpTopic",
        key: "post",
        title: "Post",
        entries: [
          {
            __typename: "HelpEntry",
            key: "q1",
            question: "Wie erfahre ich von Post?",
            answer: "Per E-Mail.\n\nSehen Sie auch im Spam-Ordner nach.",
          },
        ],
      },
    ],
  },
};
const shell = { Shell: { portal: shellPortal, viewer: null } };

test("M4 help is there without signing in; a question unfolds its answer in paragraphs", async () => {
  const portal = openPortal("/hilfe", { ...shell, Help: help });
  await text(portal, "Wie erfahre ich von Post?");
  const button = portal.root.querySelector("main [aria-expanded]") as HTMLElement;
  const answer = document.getElementById(button.getAttribute("aria-controls") ?? "");
  expect([button.getAttribute("aria-expanded"), answer?.hidden]).toEqual(["false", true]);
  button.click();
  await vi.waitFor(() => expect(button.getAttribute("aria-expanded")).toBe("true"));
  expect(answer?.hidden).toBe(false);
  expect([...(answer?.querySelectorAll("p") ?? [])].map((p) => p.textContent)).toEqual([
    "Per E-Mail.",
    "Sehen Sie auch im Spam-Ordner nach.",
  ]);
});

test("whoever does not find an answer finds the customer service", async () => {
  const portal = openPortal("/hilfe", { ...shell, Help: help });
  await text(portal, "Ihre Frage ist nicht dabei?");
  expect(portal.root.querySelector('main a[href="tel:071199999900"]')?.textContent).toBe(
    "0711 99999900",
  );
});

test("help is asked for in the language of the page", async () => {
  const portal = openPortal("/hilfe", { ...shell, Help: help });
  await text(portal, "Wie erfahre ich von Post?");
  (portal.root.querySelector('header button[lang="en"]') as HTMLElement).click();
  await text(portal, "Is your question missing?");
  const locales = portal.asked.filter(({ name }) => name === "Help").map((q) => q.variables.locale);
  expect(locales).toEqual(["DE", "EN"]);
  (portal.root.querySelector('header button[lang="de"]') as HTMLElement).click();
});

test("help that could not be loaded can be asked for again", async () => {
  const portal = openPortal("/hilfe", { ...shell, Help: new Error("no network") });
  await text(portal, "Das hat nicht geklappt");
  Object.assign(portal.answers, { Help: help });
  press(portal, "Erneut versuchen");
  await text(portal, "Wie erfahre ich von Post?");
});
