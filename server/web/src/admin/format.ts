/** Numbers and moments as people read them. */

import { written } from "../messages";
import { locale } from "../messages/choice";

const UNITS = ["B", "KB", "MB", "GB", "TB", "PB"];

/** `1536` is `1.5 KB`: powers of 1024, as disks are counted on these pages. */
export function bytes(count: number | null): string {
  if (count === null) return "";
  let size = count;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && size < 10 ? 1 : 0;
  return `${size.toLocaleString(locale, { maximumFractionDigits: digits })} ${UNITS[unit] ?? ""}`;
}

/** Empty for none. */
export function moment(iso: string | null): string {
  return written(iso ?? "", { dateStyle: "medium", timeStyle: "short" });
}

export function minutesSince(iso: string, now: number = Date.now()): number {
  return Math.max(0, Math.round((now - new Date(iso).getTime()) / 60_000));
}
