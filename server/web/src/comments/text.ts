/** The parts of what somebody wrote. It is plain text: nothing of it is ever markup. */

import type { Mention } from "./wire";

export interface Part {
  text: string;
  kind: "text" | "mention" | "link";
}

/** An @ and what may follow it, as the server reads it; or what looks like an address of the web. */
const FOUND = /(?<![\w@.+-])@[\p{L}\p{N}_.+-]+(?:@[\p{L}\p{N}_.-]+)?|https?:\/\/[^\s<>"]+/giu;
/** Ends a sentence rather than an address. */
const TRAILING = /[.,;:!?'")\]}-]+$/;

export function partsOf(body: string, mentions: readonly Mention[]): Part[] {
  const names = new Set(mentions.map((one) => one.name.toLowerCase()));
  const parts: Part[] = [];
  let done = 0;
  for (const match of body.matchAll(FOUND)) {
    const text = match[0].replace(TRAILING, "");
    const kind = kindOf(text, names);
    if (kind === "text") continue;
    if (match.index > done) parts.push({ text: body.slice(done, match.index), kind: "text" });
    parts.push({ text, kind });
    done = match.index + text.length;
  }
  if (done < body.length) parts.push({ text: body.slice(done), kind: "text" });
  return parts;
}

/** The server names people, also where their address was written: an address counts where anybody was meant. */
function kindOf(text: string, names: ReadonlySet<string>): Part["kind"] {
  if (!text.startsWith("@")) return isAddress(text) ? "link" : "text";
  const name = text.slice(1).toLowerCase();
  return names.has(name) || (name.includes("@") && names.size > 0) ? "mention" : "text";
}

function isAddress(text: string): boolean {
  try {
    return new URL(text).hostname !== "";
  } catch {
    return false;
  }
}
