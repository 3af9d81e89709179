/** What was said in a shared recording: `GET /api/v1/shares/{slug}/transcript`. */

import { getJson, sharePath, type Answer } from "./get";
import type * as schema from "./schema";

/** Times in seconds of the recording. */
export type Segment = Pick<schema.Segment, "id" | "start" | "end" | "text">;

export interface Transcript {
  language: string;
  /** Still being listened to: more segments will follow. */
  partial: boolean;
  segments: Segment[];
}

type Raw = Partial<Pick<schema.Transcript, "language" | "status"> & { segments: Segment[] }>;

export async function fetchTranscript(slug: string, signal: AbortSignal): Promise<Answer<Transcript>> {
  const answer = await getJson(sharePath(slug, "/transcript?words=false"), signal, "no-cache");
  return answer.kind === "found" ? { kind: "found", value: transcriptOf(answer.value as Raw) } : answer;
}

/** Without the segments that somebody emptied. */
export function transcriptOf(raw: Raw): Transcript {
  return {
    language: raw.language ?? "und",
    partial: raw.status === "partial",
    segments: (raw.segments ?? []).filter((segment) => segment.text.trim() !== ""),
  };
}

export type CaptionFile = "srt" | "vtt" | "txt";

/** Of a file to keep; the server names it after the recording. */
export function captionFile(slug: string, format: CaptionFile): string {
  return sharePath(slug, `/captions.${format}`);
}
