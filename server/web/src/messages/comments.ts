import { inLanguage } from ".";
import { en, type CommentMessages } from "./en.comments";

/** Add a language: write its file with the type `CommentMessages`, and name it here. */
const LANGUAGES: Readonly<Record<string, CommentMessages>> & { en: CommentMessages } = { en };

export const words = inLanguage(LANGUAGES);

const NUMBERS = new Intl.NumberFormat(navigator.language);

export function number(value: number): string {
  return NUMBERS.format(value);
}

const DAY_MS = 86_400_000;

/** When something was written: with the time of day where that was lately, else the day. */
export function when(iso: string, now: number = Date.now()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const lately = now - date.getTime() < DAY_MS;
  const format: Intl.DateTimeFormatOptions = lately
    ? { hour: "numeric", minute: "2-digit" }
    : { day: "numeric", month: "short", year: "numeric" };
  return new Intl.DateTimeFormat(navigator.language, format).format(date);
}
