// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { writeToPath } from "../src/lib/paths";
import { singleLine } from "../src/lib/subject";
import { openPortal, shellPortal, shellViewer, text } from "./portal";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const institutions = [
  {
    __typename: "Institution",
    id: "I1",
    name: "Musterland Bank AG",
    attachmentTypes: ["image/jpeg", "image/png"],
  },
  {
    __typename: "Institution",
    id: "I2",
    name: "Musterland BKK",
    attachmentTypes: ["image/jpeg", "image/heic", "application/pdf"],
  },
];

const answers = {
  Shell: { portal: shellPortal, viewer: shellViewer },
  NewMessage: {
    institutions,
    policy: { __typename: "Policy", largestAttachmentMegabytes: 20 },
    viewer: {
      __typename: "Viewer",
      id: "V",
      conversations: { __typename: "ConversationConnection", nodes: [] },
    },
    node: null,
  },
};

const subject = () => (document.getElementById("subject") as HTMLInputElement).value;

test("F84 a link begins a message to an institution with a subject", async () => {
  const path = writeToPath("I2", "Abgelehnt: Bankverbindung & Name ändern");
  const portal = openPortal(path, answers);
  await text(portal, "An: Musterland BKK");
  expect(subject()).toBe("Abgelehnt: Bankverbindung & Name ändern");
  expect(portal.root.querySelector("select")).toBeNull();
  expect((document.getElementById("text") as HTMLTextAreaElement).value).toBe("");
});

test("F84 a link to an institution that is none lets one choose", async () => {
  const portal = openPortal(writeToPath("I9", "Frage"), answers);
  await text(portal, "Musterland Bank AG");
  expect(portal.root.querySelectorAll("select option")).toHaveLength(2);
  expect(subject()).toBe("");
});

test("F84 what an address proposes is text, on one line and not too long", async () => {
  const hostile = "<img src=x onerror=alert(1)>\r\nBcc: a@b.example";
  openPortal(`/postfach/nachrichten/neu?an=I1&betreff=${encodeURIComponent(hostile)}`, answers);
  await vi.waitFor(() => expect(subject()).toBe("<img src=x onerror=alert(1)> Bcc: a@b.example"));
  expect(document.querySelector("main img")).toBeNull();
  expect(singleLine(` ${"ä".repeat(200)}`)).toBe("ä".repeat(120));
  expect(singleLine("\u0000\u0085 ")).toBe("");
});

test("F84 what can be attached is said as the institution takes it", async () => {
  const bank = openPortal(writeToPath("I1", "Frage"), answers);
  await text(bank, "Nur Fotos (JPEG, PNG), je bis 20 MB.");
  const accepted = () => document.querySelector("input[type=file]")?.getAttribute("accept");
  expect(accepted()).toBe("image/jpeg,image/png");
  const fund = openPortal(writeToPath("I2", "Frage"), answers);
  await text(fund, "Fotos (JPEG, HEIC) oder PDF, je bis 20 MB.");
  expect(accepted()).toBe("image/jpeg,image/heic,application/pdf,image/heif,.heic,.heif");
});
