import type { Comment } from "../../src/comments/wire";

export function comment(id: string, change: Partial<Comment> = {}): Comment {
  return {
    id,
    parentId: null,
    author: { userId: null, name: "Ann", guest: true },
    body: "Hello",
    time: 1,
    endTime: null,
    drawing: null,
    mentions: [],
    mine: false,
    deleted: false,
    resolved: false,
    editedAt: null,
    createdAt: "2026-01-01T00:00:00Z",
    version: 1,
    ...change,
  };
}
