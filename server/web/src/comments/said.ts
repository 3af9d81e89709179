/** All that was said about a recording, by id, and how news change it. Nothing here knows of the page. */

import type { Author, Comment, Order, RawThread, TalkEvent } from "./wire";

export type Said = ReadonlyMap<string, Comment>;

export interface Thread {
  root: Comment;
  /** Oldest first. */
  replies: Comment[];
}

export const NOTHING: Said = new Map();

/** Comments of answers: each stays in its newest version. */
export function taken(all: Said, comments: Iterable<Comment>): Said {
  const next = new Map(all);
  for (const one of comments) {
    const known = next.get(one.id);
    if (!known || one.version >= known.version) next.set(one.id, one);
  }
  return next;
}

/** Threads of an answer, one comment after the other. */
export function flat(threads: readonly RawThread[]): Comment[] {
  return threads.flatMap(({ replies = [], ...root }) => [root, ...replies]);
}

/** A place that was only kept for its replies goes with the last of them, as it does on the server. */
export function without(all: Said, id: string): Said {
  const gone = all.get(id);
  if (!gone) return all;
  const next = new Map(all);
  next.delete(id);
  if (gone.parentId === null) {
    for (const one of all.values()) if (one.parentId === id) next.delete(one.id);
  } else if (next.get(gone.parentId)?.deleted && repliesTo(next, gone.parentId).length === 0) {
    next.delete(gone.parentId);
  }
  return next;
}

/** What the author took away where replies are left. */
export function emptied(one: Comment): Comment {
  return {
    ...one,
    author: null,
    body: "",
    endTime: null,
    drawing: null,
    mentions: [],
    mine: false,
    deleted: true,
  };
}

export interface Heard {
  said: Said;
  /** Id of a comment of which the event did not tell all: ask the server. */
  ask: string | null;
  /** Somebody else's new comment. */
  news: Comment | null;
}

/** `mine` says whether an author may be whoever looks at the page, who may have written elsewhere. */
export function heard(all: Said, event: TalkEvent, mine: (author: Author | null) => boolean): Heard {
  const same: Heard = { said: all, ask: null, news: null };
  switch (event.type) {
    case "comment.created":
    case "comment.updated": {
      const { commentId: id, hasDrawing, ...data } = event.data;
      const known = all.get(id);
      if (known && known.version >= data.version) return same;
      const edited = event.type === "comment.updated" ? new Date().toISOString() : null;
      const fresh: Comment = {
        id,
        parentId: data.parentId,
        author: data.author,
        body: data.body,
        time: data.time,
        endTime: data.endTime,
        drawing: hasDrawing ? (known?.drawing ?? null) : null,
        mentions: data.mentions,
        mine: known?.mine ?? false,
        deleted: false,
        resolved: known?.resolved ?? false,
        editedAt: edited ?? known?.editedAt ?? null,
        createdAt: data.createdAt,
        version: data.version,
      };
      const own = mine(data.author);
      const ask = hasDrawing || (!known && own) ? id : null;
      return { said: taken(all, [fresh]), ask, news: known || own ? null : fresh };
    }
    case "comment.deleted": {
      const known = all.get(event.data.commentId);
      if (!known) return same;
      const said = event.data.tombstone ? new Map(all).set(known.id, emptied(known)) : without(all, known.id);
      return { ...same, said };
    }
    case "comment.resolved": {
      const { commentId, version, resolved } = event.data;
      const known = all.get(commentId);
      return known && known.version < version
        ? { ...same, said: taken(all, [{ ...known, resolved, version }]) }
        : same;
    }
    default:
      return same;
  }
}

/** In the order asked for; what is about all of the recording comes before its moments. */
export function threadsOf(all: Said, order: Order): Thread[] {
  const roots = [...all.values()].filter((one) => one.parentId === null);
  const under = new Map<string, Comment[]>();
  for (const one of all.values()) {
    if (one.parentId !== null) under.set(one.parentId, [...(under.get(one.parentId) ?? []), one]);
  }
  roots.sort(
    order === "time" ? (a, b) => (a.time ?? -1) - (b.time ?? -1) || older(a, b) : (a, b) => older(b, a),
  );
  return roots.map((root) => ({ root, replies: (under.get(root.id) ?? []).sort(older) }));
}

/** What can be read, without emptied places. */
export function countOf(all: Said): number {
  return [...all.values()].filter((one) => !one.deleted).length;
}

/** Comments with a moment, in its order: what stands on the time bar. */
export function momentsOf(all: Said): { id: string; time: number }[] {
  const moments = [];
  for (const { id, parentId, time, deleted } of all.values()) {
    if (parentId === null && time !== null && !deleted) moments.push({ id, time });
  }
  return moments.sort((a, b) => a.time - b.time);
}

function repliesTo(all: Said, id: string): Comment[] {
  return [...all.values()].filter((one) => one.parentId === id);
}

function older(a: Comment, b: Comment): number {
  return Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.id < b.id ? -1 : 1);
}
