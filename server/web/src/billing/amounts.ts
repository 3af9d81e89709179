/** Amounts of quotas as people read them, and how urgent they are. */

import { bytes } from "../admin/format";
import { number, written } from "../messages";
import { words } from "../messages/billing";
import type { Entitlements, QuotaOut } from "./api";

export type Level = "fine" | "nearly" | "usedUp";

const NEARLY = 80;
const DAY_MS = 86_400_000;

export function amount(quota: string, count: number): string {
  if (quota === "storageBytes") return bytes(count);
  return quota === "members" ? words.people(count, number(count)) : minutes(count);
}

/** Before its limit, which has the unit: `1 of 3 people`. */
export function bare(quota: string, count: number): string {
  return quota === "members" ? number(count) : amount(quota, count);
}

/** Whole minutes, so that a quota that is used up never reads as if a bit were left. */
export function minutes(seconds: number): string {
  return words.minutes(number(Math.floor(seconds / 60)));
}

export function levelOf({ percent }: QuotaOut): Level {
  if (percent === null || percent < NEARLY) return "fine";
  return percent < 100 ? "nearly" : "usedUp";
}

/** A day as people of the reader's country write it; empty for none. */
export function day(iso: string | null): string {
  return written(iso ?? "", { dateStyle: "long" });
}

/** `November 2026` of `2026-11`. */
export function monthName(month: string): string {
  return written(`${month}-15T12:00:00Z`, { month: "long", year: "numeric" }) || month;
}

/** Days that are begun count. */
export function daysUntil(iso: string, now: number = Date.now()): number {
  return Math.max(0, Math.ceil((new Date(iso).getTime() - now) / DAY_MS));
}

/** What a plan gives, a line each; what it has without limit last. */
export function entitled(plan: Entitlements): string[] {
  const said = words.entitled;
  const limited: string[] = [];
  const free: string[] = [];
  const put = (limit: number | null, line: (limit: number) => string, unlimited?: string) => {
    if (limit !== null) limited.push(line(limit));
    else if (unlimited !== undefined) free.push(unlimited);
  };
  put(plan.storageBytes, (size) => said.storage(bytes(size)), said.unlimited.storage);
  put(plan.recordingSeconds, (time) => said.recording(minutes(time)), said.unlimited.recording);
  put(plan.transcriptionSeconds, (time) => said.transcription(minutes(time)), said.unlimited.transcription);
  put(plan.members, (count) => said.members(amount("members", count)), said.unlimited.members);
  put(plan.maxLengthSeconds, (time) => said.length(minutes(time)));
  put(plan.maxHeight, said.height);
  const features = plan.features.map((one) => said.features[one] ?? one);
  return [...limited, ...free, ...features];
}
