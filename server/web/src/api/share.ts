/** What the server answers at `GET /api/v1/shares/{slug}`: all that a viewer with the link may know. */

import { getJson, sharePath } from "./get";
import type * as schema from "./schema";

export type RecordingStatus = schema.RecordingsStatus;
export type ProcessingStep = schema.Step;
export type Rendition = Pick<schema.Quality, "name" | "width" | "height" | "bandwidth">;
export type Caption = schema.Captions;

/** How far the transcript is; there may already be some of it while it is `processing` or `partial`. */
export type Transcription = "none" | "off" | "queued" | "processing" | "partial" | "completed" | "failed";

export interface Share {
  recordingId: string;
  slug: string;
  title: string;
  description: string | null;
  status: RecordingStatus;
  /** True while bytes may still arrive: the playlist has no end yet. */
  live: boolean;
  /** Seconds; null until the first bytes are indexed. */
  duration: number | null;
  playlistUrl: string | null;
  downloadUrl: string | null;
  /** The sound alone, to keep. */
  audioUrl: string | null;
  posterUrl: string | null;
  /** WebVTT that names small pictures by their times. */
  storyboardUrl: string | null;
  /** WebVTT of the kind `chapters`. */
  chaptersUrl: string | null;
  captions: Caption[];
  transcription: Transcription;
  quality: Rendition[];
  processing: ProcessingStep[];
  createdAt: string;
  owner: { username: string } | null;
  shareUrl: string;
  /** Having the link is not enough to see this. */
  guarded: boolean;
  /** Whether whoever looks may keep it as a file. */
  allowDownload: boolean;
  /** Viewers may comment and react. */
  allowComments: boolean;
  /** Whether whoever is signed in here may change it. */
  mayEdit: boolean;
  error: string | null;
}

export type ShareAnswer =
  | { kind: "found"; share: Share }
  /** Unknown, deleted, over or no longer shared: the server does not say which. */
  | { kind: "missing" }
  /** The link asks for a password. */
  | { kind: "locked" }
  /** The link is for members of a workspace, and nobody is signed in. */
  | { kind: "membersOnly" }
  /** The network or the server is away: worth asking again. */
  | { kind: "unreachable" };

export async function fetchShare(slug: string, signal: AbortSignal): Promise<ShareAnswer> {
  const answer = await getJson(sharePath(slug), signal);
  if (answer.kind !== "found") return answer;
  return { kind: "found", share: normalise(answer.value as RawShare) };
}

/** As it is on the wire. */
export type RawShare = Partial<Omit<Share, "transcription"> & { transcription: { status: string } }>;

/** Fills what an older or terser server leaves out, and keeps the server's own links on the origin in use. */
export function normalise(raw: RawShare): Share {
  const shareUrl = raw.shareUrl ?? location.href;
  const local = (url: string | null | undefined) => (url ? sameOrigin(url, shareUrl) : null);
  return {
    recordingId: raw.recordingId ?? "",
    slug: raw.slug ?? "",
    title: raw.title ?? "",
    description: raw.description ?? null,
    status: raw.status ?? "completed",
    live: raw.live ?? false,
    duration: raw.duration ?? null,
    playlistUrl: local(raw.playlistUrl),
    downloadUrl: local(raw.downloadUrl),
    audioUrl: local(raw.audioUrl),
    posterUrl: local(raw.posterUrl),
    storyboardUrl: local(raw.storyboardUrl),
    chaptersUrl: local(raw.chaptersUrl),
    captions: (raw.captions ?? []).map((one) => ({ ...one, url: sameOrigin(one.url, shareUrl) })),
    transcription: (raw.transcription?.status ?? "none") as Transcription,
    quality: raw.quality ?? [],
    processing: raw.processing ?? [],
    createdAt: raw.createdAt ?? "",
    owner: raw.owner ?? null,
    shareUrl,
    guarded: raw.guarded ?? false,
    allowDownload: raw.allowDownload ?? true,
    allowComments: raw.allowComments ?? false,
    mayEdit: raw.mayEdit ?? false,
    error: raw.error ?? null,
  };
}

/**
 * A server behind a proxy names itself by its public address. A page opened by another name of the same server
 * (a LAN address, a tunnel) must ask the name it came from, or the browser blocks it as another site.
 * Links to other hosts, such as a CDN, stay as they are.
 */
export function sameOrigin(url: string, shareUrl: string): string {
  const target = new URL(url, location.origin);
  if (target.origin !== new URL(shareUrl, location.origin).origin) return target.href;
  return new URL(target.pathname + target.search, location.origin).href;
}
