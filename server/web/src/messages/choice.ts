/** Which language the pages are in: what a person chose, else what their browser asks for; else English. */

/** By their own names, so that whoever does not read the page's language finds theirs. */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;

export type Language = keyof typeof LANGUAGES;

/** The server reads it too: some pages come from there whole. */
const COOKIE = "heddle_language";
const YEAR_S = 31_536_000;

/** The languages that a browser asks for, in the order of its person's liking. */
export function languageOf(cookies: string, asked: readonly string[]): Language {
  const chosen = new RegExp(`(?:^|; )${COOKIE}=([a-z]+)`).exec(cookies)?.[1];
  return [chosen ?? "", ...asked.map(base)].find(isKnown) ?? "en";
}

/** The language with the country of whoever reads it, where that is known: it decides how days are written. */
export function localeOf(language: Language, asked: readonly string[]): string {
  return asked.find((tag) => base(tag) === language) ?? language;
}

export const language = languageOf(document.cookie, navigator.languages);
export const locale = localeOf(language, navigator.languages);

/** Kept in this browser for a year; the page begins again in that language. */
export function choose(wanted: Language): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${wanted}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
  location.reload();
}

function base(tag: string): string {
  return tag.split("-")[0]?.toLowerCase() ?? "";
}

function isKnown(tag: string): tag is Language {
  return Object.hasOwn(LANGUAGES, tag);
}
