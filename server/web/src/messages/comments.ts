import { part, written } from ".";
import { en } from "./en.comments";

export const words = part("comments", en);

const DAY_MS = 86_400_000;

/** When something was written: with the time of day where that was lately, else the day. */
export function when(iso: string, now: number = Date.now()): string {
  const lately = now - new Date(iso).getTime() < DAY_MS;
  return written(
    iso,
    lately ? { hour: "numeric", minute: "2-digit" } : { day: "numeric", month: "short", year: "numeric" },
  );
}
