/** What the server finds: `GET /api/v1/search`. Times in seconds. */

import type { Hit, Search as SearchResult } from "../api/schema";
import { sameOrigin } from "../api/share";
import { refusal } from "../messages";
import { signedFetch } from "../session/signedFetch";
import { questionOf, type Wanted } from "./wanted";

export type { Hit, Part, Moment as Place } from "../api/schema";

export interface Found {
  hits: Hit[];
  total: number;
  pages: number;
  /** The words that were searched instead, where nothing has those that were typed. */
  corrected: string | null;
}

export type SearchAnswer =
  | { kind: "found"; found: Found }
  /** Why not; null where the server is away. */
  | { kind: "failed"; sentence: string | null };

export const PAGE_SIZE = 20;

/** Rejects when it was aborted. */
export async function search(wanted: Wanted, page: number, signal: AbortSignal): Promise<SearchAnswer> {
  try {
    const response = await signedFetch(questionOf(wanted, page, PAGE_SIZE), { signal, cache: "no-store" });
    if (!response.ok) return { kind: "failed", sentence: await sentenceOf(response) };
    const raw = (await response.json()) as SearchResult;
    const { totalElements: total, totalPages: pages } = raw.pagination;
    return { kind: "found", found: { hits: raw.data.map(local), total, pages, corrected: raw.corrected } };
  } catch {
    signal.throwIfAborted();
    return { kind: "failed", sentence: null };
  }
}

async function sentenceOf(response: Response): Promise<string | null> {
  if (response.status >= 500) return null;
  const { code, error } = (await response.json()) as { code?: string; error?: string };
  return error === undefined ? null : refusal(code, error);
}

function local(hit: Hit): Hit {
  const { shareUrl, posterUrl } = hit;
  return {
    ...hit,
    shareUrl: sameOrigin(shareUrl, shareUrl),
    posterUrl: posterUrl && sameOrigin(posterUrl, shareUrl),
  };
}
