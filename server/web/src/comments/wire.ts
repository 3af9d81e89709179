/** What people say about a recording, as the server tells it. Times are seconds of the recording. */

export interface Author {
  /** Null for guests. */
  userId: string | null;
  name: string;
  guest: boolean;
}

export interface Mention {
  /** Null for an address of nobody here. */
  userId: string | null;
  name: string;
}

export const TOOLS = ["pen", "highlighter", "line", "arrow", "rectangle", "ellipse"] as const;
export type Tool = (typeof TOOLS)[number];

/** Parts of the picture's width and height, from its upper left corner. */
export type Point = [x: number, y: number];

/** `width` is a part of the picture's height. */
export interface Stroke {
  tool: Tool;
  color: string;
  width: number;
  points: Point[];
}

export interface Drawing {
  strokes: Stroke[];
}

/** A comment, or a reply where it has a `parentId`. */
export interface Comment {
  id: string;
  parentId: string | null;
  /** Null where it was deleted. */
  author: Author | null;
  body: string;
  /** Null where it is about all of the recording. */
  time: number | null;
  endTime: number | null;
  drawing: Drawing | null;
  mentions: Mention[];
  mine: boolean;
  deleted: boolean;
  resolved: boolean;
  editedAt: string | null;
  createdAt: string;
  /** Grows with every change; its ETag is this number in quotes. */
  version: number;
}

export type RawThread = Comment & { replies?: Comment[] };

export interface ThreadPage {
  data: RawThread[];
  pagination: { nextCursor: string | null };
}

export const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "👏", "🎉", "🔥"] as const;
export type Emoji = (typeof EMOJI)[number];
export type Counts = Partial<Record<string, number>>;

export interface Reaction {
  id: string;
  emoji: string;
  time: number;
}

export interface ReactionPage {
  data: Reaction[];
  counts: Counts;
  pagination: { nextCursor: string | null };
}

export type Order = "time" | "-created";

export const MAX_TEXT = 5000;
export const MAX_NAME = 60;

interface SaidData {
  commentId: string;
  parentId: string | null;
  version: number;
  author: Author | null;
  body: string;
  time: number | null;
  endTime: number | null;
  hasDrawing: boolean;
  mentions: Mention[];
  createdAt: string;
}

type About = Pick<SaidData, "commentId" | "version">;

/** What the server tells of changes, of which the page uses these. */
export type TalkEvent =
  | { type: "comment.created" | "comment.updated"; data: SaidData }
  | { type: "comment.deleted"; data: About & { tombstone: boolean } }
  | { type: "comment.resolved"; data: About & { resolved: boolean } }
  | { type: "reaction.added" | "reaction.removed"; data: Reaction & { reactionId: string } };

const KNOWN = new Set<unknown>([
  "comment.created",
  "comment.updated",
  "comment.deleted",
  "comment.resolved",
  "reaction.added",
  "reaction.removed",
]);

/** Null for what this page does not know. */
export function eventOf(message: unknown): TalkEvent | null {
  if (typeof message !== "string") return null;
  try {
    const said = JSON.parse(message) as { type?: unknown };
    return KNOWN.has(said.type) ? (said as TalkEvent) : null;
  } catch {
    return null;
  }
}
