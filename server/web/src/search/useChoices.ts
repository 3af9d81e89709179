import { useEffect, useState } from "react";
import { signedFetch } from "../session/signedFetch";

export interface Choice {
  value: string;
  label: string;
}

/** What the filters offer; what cannot be had is not offered. */
export interface Choices {
  people: Choice[];
  folders: Choice[];
  tags: Choice[];
}

const NONE: Choices = { people: [], folders: [], tags: [] };
const MOST_WORKSPACES = 20;

interface Workspace {
  id: string;
  name: string;
}
interface Member {
  userId: string;
  username: string;
  email: string;
}
interface Folder {
  id: string;
  parentId: string | null;
  name: string;
}
interface Tag {
  name: string;
}
interface Held {
  workspace: Workspace;
  members: Member[];
  folders: Folder[];
  tags: Tag[];
}

/** Asked when they are first wanted. `me` is not among the people: it has a choice of its own. */
export function useChoices(asked: boolean, me: string): Choices {
  const [choices, setChoices] = useState(NONE);
  useEffect(() => {
    if (!asked) return;
    const gone = new AbortController();
    all(gone.signal)
      .then((held) => setChoices(choicesOf(held, me)))
      .catch(() => undefined); // gone, or the server is away: the results say so
    return () => gone.abort();
  }, [asked, me]);
  return choices;
}

async function all(signal: AbortSignal): Promise<Held[]> {
  const workspaces = await list<Workspace>("/api/v1/workspaces", signal);
  return Promise.all(
    workspaces.slice(0, MOST_WORKSPACES).map(async (workspace) => {
      const id = encodeURIComponent(workspace.id);
      const [members, folders, tags] = await Promise.all([
        list<Member>(`/api/v1/workspaces/${id}/members`, signal),
        list<Folder>(`/api/v1/folders?workspaceId=${id}`, signal),
        list<Tag>(`/api/v1/tags?workspaceId=${id}`, signal),
      ]);
      return { workspace, members, folders, tags };
    }),
  );
}

async function list<T>(path: string, signal: AbortSignal): Promise<T[]> {
  const response = await signedFetch(path, { signal });
  return response.ok ? ((await response.json()) as { data: T[] }).data : [];
}

export function choicesOf(held: readonly Held[], me: string): Choices {
  const people = new Map<string, string>();
  const tags = new Map<string, string>();
  const folders: Choice[] = [];
  for (const { workspace, ...there } of held) {
    for (const one of there.members) people.set(one.userId, one.username || one.email);
    for (const { name } of there.tags) tags.set(name.toLowerCase(), name);
    const lead = held.length > 1 ? `${workspace.name}: ` : "";
    for (const folder of there.folders) {
      folders.push({ value: folder.id, label: lead + pathOf(folder, there.folders) });
    }
  }
  people.delete(me);
  const sorted = (choices: Choice[]) => choices.sort((a, b) => a.label.localeCompare(b.label));
  return {
    people: sorted([...people].map(([value, label]) => ({ value, label }))),
    folders: sorted(folders),
    tags: sorted([...tags.values()].map((name) => ({ value: name, label: name }))),
  };
}

function pathOf(folder: Folder, all: readonly Folder[]): string {
  const names = [folder.name];
  let parent = folder.parentId;
  // No tree is deeper than it has folders.
  for (let left = all.length; parent !== null && left > 0; left--) {
    const above = all.find((one) => one.id === parent);
    if (above) names.unshift(above.name);
    parent = above?.parentId ?? null;
  }
  return names.join(" / ");
}
