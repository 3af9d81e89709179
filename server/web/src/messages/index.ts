import { locale } from "./choice";
import type { Catalogue } from "./catalogue";
import { en, type Messages } from "./en";

/** The words of the pages: English, until `speak` puts those of another language in their place. */
export const messages: Messages = en;

let catalogue: Catalogue | null = null;

/**
 * Before anything is shown. Modules have taken parts of `messages` by then (`const words = messages.session`), so
 * these stay and get other words; a single word taken while a module begins would stay English.
 */
export function speak(spoken: Catalogue): void {
  catalogue = spoken;
  replace(messages, spoken.pages);
}

/** The words of a part that is loaded after `speak`. */
export function part<Name extends keyof Catalogue>(name: Name, english: Catalogue[Name]): Catalogue[Name] {
  return catalogue?.[name] ?? english;
}

function replace(words: object, others: object): void {
  for (const [name, other] of Object.entries(others)) {
    const word: unknown = Reflect.get(words, name);
    if (typeof word === "object" && word !== null) replace(word, other as object);
    else Reflect.set(words, name, other);
  }
}

/** Why the server refused something: by its code where this language has words for it, else as the server said it. */
export function refusal(code: string | undefined, sentence: string): string {
  return messages.refusals[code ?? ""] ?? sentence;
}

const NUMBERS = new Intl.NumberFormat(locale);

export function number(value: number): string {
  return NUMBERS.format(value);
}

/** A day without a year, for `2026-11-24`; empty for anything else. */
export function shortDay(iso: string): string {
  return written(`${iso}T00:00:00`, { weekday: "short", day: "numeric", month: "short" });
}

/** A moment as people of the reader's country write it; empty when there is none. */
export function longDate(iso: string): string {
  return written(iso, { dateStyle: "long", timeStyle: "short" });
}

/** A moment as it is written in the language of the page; empty for what is none. */
export function written(iso: string, format: Intl.DateTimeFormatOptions): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "" : new Intl.DateTimeFormat(locale, format).format(date);
}
