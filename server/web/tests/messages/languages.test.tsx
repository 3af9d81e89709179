import { cleanup, render, screen } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { languageOf, localeOf } from "../../src/messages/choice";
import { de } from "../../src/messages/de";
import { en as account } from "../../src/messages/en.account";
import { en as admin } from "../../src/messages/en.admin";
import { en as billing } from "../../src/messages/en.billing";
import { en as comments } from "../../src/messages/en.comments";
import { en as pages } from "../../src/messages/en";
import { en as sharing } from "../../src/messages/en.sharing";
import type { Notification } from "../../src/notifications/api";

const en = { pages, account, admin, billing, comments, sharing };

test.each([
  ["", ["de-AT", "en"], "de", "de-AT"],
  ["", ["fr", "DE-ch"], "de", "DE-ch"],
  ["", ["fr-FR"], "en", "en"],
  ["", [], "en", "en"],
  ["a=b; heddle_language=de", ["en-GB"], "de", "de"],
  ["heddle_language=en; a=b", ["de", "en-GB"], "en", "en-GB"],
  ["heddle_language=xx", ["de"], "de", "de"],
  ["not_heddle_language=de", ["en"], "en", "en"],
  ["heddle_language=constructor", ["toString"], "en", "en"],
])("with %o and a browser in %o the page is in %s, days as in %s", (cookies, asked, language, locale) => {
  expect(languageOf(cookies, asked)).toBe(language);
  expect(localeOf(languageOf(cookies, asked), asked)).toBe(locale);
});

/** Every place where words stand; tables by codes have open types, so their rows are compared here. */
function places(words: object, above = ""): string[] {
  return Object.entries(words).flatMap(([name, value]) =>
    typeof value === "object" && value !== null
      ? places(value as object, `${above}${name}.`)
      : [`${above}${name}`],
  );
}

/** Only where English needs no words: it says what the server and the controls say. */
const GERMAN_ALONE = /^pages\.(refusals|player\.elements)\./;

test("German has every word that English has, and no others", () => {
  const german = places(de).filter((place) => !GERMAN_ALONE.test(place));
  expect(german.sort()).toEqual(places(en).sort());
});

test("no German sentence is the English one", () => {
  const words = (all: object) =>
    JSON.stringify(all)
      .split(/"[^"]*":|[{},]/)
      .filter((said) => said.includes(" "));
  const english = new Set(words(en));
  expect(words(de).filter((said) => english.has(said))).toEqual(['"In Slack"', '"Video (MP4)"']);
});

const told = (kind: string, more: Partial<Notification> = {}): Notification => ({
  id: "n",
  kind,
  text: "English.",
  quote: "",
  actor: { name: "Bob" },
  recording: { id: "r", title: "Plan", slug: "abc", shared: true },
  data: {},
  count: 1,
  read: false,
  updatedAt: "2026-11-21T20:00:00Z",
  ...more,
});

test.each([
  [told("comment"), "Bob hat etwas zu „Plan“ geschrieben."],
  [told("reply", { recording: null }), "Bob hat Ihnen bei Ihrem Video geantwortet."],
  [told("video_ready", { actor: null }), "„Plan“ ist bereit."],
  [
    told("video_failed", { data: { error: "It is no video." } }),
    "„Plan“ ist fehlgeschlagen: It is no video.",
  ],
  [told("video_failed"), "„Plan“ ist fehlgeschlagen."],
  [told("reaction", { data: { emoji: { "👍": 1 } } }), "Bob hat auf „Plan“ reagiert: 👍"],
  [
    told("reaction", { count: 3, data: { emoji: { "🔥": 1, "👍": 2 } } }),
    "3 Reaktionen auf „Plan“: 👍 2 🔥 1",
  ],
  [told("view", { count: 4, data: { first: true } }), "„Plan“ wurde zum ersten Mal angesehen, bisher 4-mal."],
  [
    told("storage_low", { data: { freeBytes: 1.25e9, totalBytes: 5e10 } }),
    "Die Festplatte des Servers ist fast voll: 1,3 GB von 50 GB sind frei.",
  ],
  [
    told("quota_warning", { data: { quota: "members", percent: 100, workspaceName: "Web" } }),
    "„Web“ hat alle Plätze vergeben.",
  ],
  [
    told("quota_warning", { data: { quota: "recordingSeconds", percent: 80 } }),
    "Ihr Arbeitsbereich hat 80 % der Aufnahmezeit dieses Monats verbraucht.",
  ],
  [told("of_a_later_server"), "English."],
])("a notification is said in German: %#", (one, sentence) => {
  expect(de.pages.notifications.sentence(one)).toBe(sentence);
});

test("every kind of notification has its German sentence", () => {
  const data = { quota: "members", percent: 90 };
  for (const kind of Object.keys(pages.notifications.choices.kinds))
    expect(de.pages.notifications.sentence(told(kind, { data }))).not.toBe("English.");
});

function begin(cookie: string) {
  document.cookie = cookie;
  vi.resetModules();
}

// What the modules of a page hold is as new for this test, and for those of other files after it.
beforeAll(() => begin("heddle_language=de"));
afterEach(cleanup);
afterAll(() => begin("heddle_language=; Max-Age=0"));

test("a page is in German for who chose it, with its days, numbers and refusals", async () => {
  const messages = await import("../../src/messages");
  const { LandingPage } = await import("../../src/landing/LandingPage");
  messages.speak(de);
  const { bytes } = await import("../../src/admin/format");
  render(<LandingPage />);
  expect(screen.getByRole("heading", { level: 1 }).textContent).toContain("Nehmen Sie Ihren Bildschirm auf");
  expect(screen.getByRole("button", { name: "Deutsch" }).getAttribute("aria-current")).toBe("true");
  expect(screen.getByRole("button", { name: "English" }).lang).toBe("en");
  expect(messages.longDate("2026-11-24T12:00:00Z")).toContain("24. November 2026");
  expect(messages.number(12_345)).toBe("12.345");
  expect(bytes(1536)).toBe("1,5 KB");
  expect(messages.refusal("billing_off", "English.")).toBe("Dieser Server nimmt keine Zahlungen an.");
  expect(messages.refusal("of_a_later_server", "English.")).toBe("English.");
});
