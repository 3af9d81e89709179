import { en, type Messages } from "./en";

/** Add a language: write its file with the type `Messages`, and name it here. */
const LANGUAGES: Readonly<Record<string, Messages>> = { en };

function preferred(): string {
  const wanted = navigator.languages.map((tag) => tag.split("-")[0] ?? "");
  return wanted.find((tag) => tag in LANGUAGES) ?? "en";
}

export const language = preferred();
export const messages: Messages = LANGUAGES[language] ?? en;

/** The words of a part of the pages that is loaded by itself, in the same language. */
export function inLanguage<T>(all: Readonly<Record<string, T>> & { en: T }): T {
  return all[language] ?? all.en;
}

/** A day without a year, for `2026-11-24`; empty for anything else. */
export function shortDay(iso: string): string {
  const date = new Date(`${iso}T00:00:00`);
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat(navigator.language, {
    weekday: "short",
    day: "numeric",
    month: "short",
  }).format(date);
}

/** A date as people of the reader's country write it; empty when there is none. */
export function longDate(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat(navigator.language, { dateStyle: "long", timeStyle: "short" }).format(date);
}
