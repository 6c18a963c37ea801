import { readFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import {
  emailAddressProblem,
  newPasswordProblem,
  PASSWORD_LENGTH,
  phoneNumberProblem,
  tanDigits,
} from "../src/lib/accountChecks";
import { setLocale } from "../src/paraglide/runtime.js";

beforeEach(() => void setLocale("de", { reload: false }));

test("the lengths of a password are those of the policy's newest version", () => {
  const policy = readFileSync("../backend/policy.toml", "utf8");
  const newest = (rule: string) => {
    const line = new RegExp(`^${rule} = (.*)$`, "m").exec(policy)?.[1] ?? "";
    return Number([...line.matchAll(/value = (\d+)/g)].at(-1)?.[1]);
  };
  expect(PASSWORD_LENGTH).toEqual({
    shortest: newest("password_min_length"),
    longest: newest("password_max_length"),
  });
});

test("a new password is judged by its length alone, as the server counts it", () => {
  expect(newPasswordProblem("")).toBe("Geben Sie ein neues Passwort ein.");
  expect(newPasswordProblem("elf Zeichen")).toContain("mindestens 12 Zeichen. Bisher sind es 11.");
  expect(newPasswordProblem("zwölfzeichen")).toBeNull();
  expect(newPasswordProblem("x".repeat(128))).toBeNull();
  expect(newPasswordProblem("x".repeat(129))).toContain("höchstens 128");
  // Twelve people are twelve characters; a letter with its accent beside it is one.
  expect(newPasswordProblem("👩".repeat(12))).toBeNull();
  expect(newPasswordProblem("é".repeat(11))).toContain("Bisher sind es 11");
});

test.each(["name@beispiel.de", " a.b+c@sub.beispiel.example "])("%s can be an address", (text) => {
  expect(emailAddressProblem(text)).toBeNull();
});

test.each(["name", "name@", "name@beispiel", "a b@beispiel.de", "a@@b.de", "a@b..de"])(
  "%s is no address",
  (text) => {
    expect(emailAddressProblem(text)).toContain("keine vollständige E-Mail-Adresse");
  },
);

test.each(["0151 23456789", "+43 664 123456", "0049 (0)151/2345-6789"])(
  "%s can be a number",
  (t) => {
    expect(phoneNumberProblem(t)).toBeNull();
  },
);

test.each(["12345", "0151 zwei", "++49 151 23456789"])("%s is no number", (text) => {
  expect(phoneNumberProblem(text)).toContain("keine vollständige Mobilnummer");
});

test("an empty field is asked for, not called wrong", () => {
  expect(emailAddressProblem(" ")).toBe("Geben Sie eine E-Mail-Adresse ein.");
  expect(phoneNumberProblem(" ")).toBe("Geben Sie eine Mobilnummer ein.");
});

test("a TAN may be pasted with blanks; what is no TAN costs no attempt", () => {
  expect(tanDigits(" 123 456\n")).toBe("123456");
  expect(tanDigits("12345")).toBeNull();
  expect(tanDigits("1234567")).toBeNull();
  expect(tanDigits("12345a")).toBeNull();
});
