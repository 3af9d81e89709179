/** What is searched for, as it stands in the page's address. No page behind it. */

export const LENGTHS = ["", "short", "medium", "long", "longer"] as const;
export type Length = (typeof LENGTHS)[number];

export interface Wanted {
  q: string;
  /** Id of the one who made it, or `me`. */
  person: string;
  /** Days as `2026-11-24`, both included. */
  from: string;
  to: string;
  length: Length;
  /** BCP 47. */
  language: string;
  /** Id of a folder. */
  folder: string;
  /** Name of a tag. */
  tag: string;
}

export const NOTHING: Wanted = {
  q: "",
  person: "",
  from: "",
  to: "",
  length: "",
  language: "",
  folder: "",
  tag: "",
};

/** Seconds from and to. */
const BOUNDS: Readonly<Record<Length, readonly [number | null, number | null]>> = {
  "": [null, null],
  short: [null, 120],
  medium: [120, 600],
  long: [600, 1800],
  longer: [1800, null],
};

const FILTERS = ["person", "from", "to", "length", "language", "folder", "tag"] as const;

export function wantedOf(search: string): Wanted {
  const given = new URLSearchParams(search);
  const text = (name: keyof Wanted) => given.get(name) ?? "";
  const day = (name: "from" | "to") => (/^\d{4}-\d\d-\d\d$/.test(text(name)) ? text(name) : "");
  return {
    q: text("q").slice(0, 200),
    person: text("person"),
    from: day("from"),
    to: day("to"),
    length: LENGTHS.find((one) => one === text("length")) ?? "",
    language: text("language"),
    folder: text("folder"),
    tag: text("tag"),
  };
}

/** `/search?q=…`; what is left open is left out. */
export function addressOf(wanted: Wanted): string {
  const set = Object.entries(wanted).filter(([, value]) => value !== "");
  const query = new URLSearchParams(set as [string, string][]).toString();
  return query ? `/search?${query}` : "/search";
}

/** How many filters narrow it. */
export function narrowedBy(wanted: Wanted): number {
  return FILTERS.filter((name) => wanted[name] !== "").length;
}

/** The question to the server. */
export function questionOf(wanted: Wanted, page: number, size: number): string {
  const [min, max] = BOUNDS[wanted.length];
  const said: Record<string, string | number | null> = {
    q: wanted.q.trim(),
    person: wanted.person,
    from: startOf(wanted.from, 0),
    to: startOf(wanted.to, 1),
    minDuration: min,
    maxDuration: max,
    language: wanted.language,
    folder: wanted.folder,
    tag: wanted.tag,
    page,
    size,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(said)) {
    if (value !== null && value !== "") query.set(name, String(value));
  }
  return `/api/v1/search?${query}`;
}

/** The beginning of a day where the reader is, or of the one after it. */
function startOf(day: string, later: 0 | 1): string | null {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined) return null;
  const moment = new Date(year, month - 1, date + later);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}
