/** What somebody is told, and how they want to be told: `/api/v1/notifications`. */

import { signedFetch } from "../session/signedFetch";

export interface Notification {
  id: string;
  kind: string;
  /** A whole sentence, in English. */
  text: string;
  /** What somebody wrote; empty where it is not about words. */
  quote: string;
  recording: { id: string; title: string; slug: string; shared: boolean } | null;
  actor: { name: string } | null;
  /** By kind, as the server's `NotificationOut` says. */
  data: Readonly<Record<string, unknown>> & { time?: number | null; workspaceId?: string };
  /** How many things it stands for. */
  count: number;
  read: boolean;
  updatedAt: string;
}

export interface Told {
  entries: Notification[];
  unread: number;
  cursor: string | null;
}

export type Mail = "off" | "at_once" | "daily";

export interface Preference {
  kind: string;
  description: string;
  inApp: boolean;
  email: Mail;
  slack: boolean;
}

export interface Preferences {
  data: Preference[];
  digestHour: number;
  /** `22:00:00`, by the clock of `timeZone`. */
  quietFrom: string | null;
  quietUntil: string | null;
  timeZone: string;
  emailAvailable: boolean;
}

export interface PreferencesChange {
  kinds?: Record<string, Partial<Pick<Preference, "inApp" | "email" | "slack">>>;
  digestHour?: number;
  quietFrom?: string | null;
  quietUntil?: string | null;
}

const URL_ = "/api/v1/notifications";

export async function list(size: number, unread: boolean, cursor: string | null = null): Promise<Told> {
  const query = new URLSearchParams({ size: String(size), unread: String(unread) });
  if (cursor !== null) query.set("cursor", cursor);
  const raw = await ask<{
    data: Notification[];
    unread: number;
    pagination: { nextCursor: string | null };
  }>(`?${query}`);
  return { entries: raw.data, unread: raw.unread, cursor: raw.pagination.nextCursor };
}

export const count = async (): Promise<number> => (await ask<{ unread: number }>("/count")).unread;

export const mark = (id: string, read: boolean) => ask<Notification>(`/${id}`, "PATCH", { read });

export const markAll = () => ask<{ unread: number }>("/read", "POST");

export async function remove(id: string): Promise<void> {
  await send(`/${id}`, "DELETE");
}

export const preferences = () => ask<Preferences>("/preferences");

export const choose = (change: PreferencesChange) => ask<Preferences>("/preferences", "PATCH", change);

/** Where it leads: to the plan, or to the moment in the recording that it is about, where there is a page. */
export function linkOf({ kind, recording, data }: Notification): string | null {
  if (kind === "quota_warning") return `/billing?workspace=${encodeURIComponent(data.workspaceId ?? "")}`;
  if (!recording?.shared) return null;
  return `/s/${encodeURIComponent(recording.slug)}${data.time ? `?t=${Math.floor(data.time)}` : ""}`;
}

async function ask<T>(path: string, method = "GET", body?: object): Promise<T> {
  return (await (await send(path, method, body)).json()) as T;
}

/** Rejects for every answer that is none: what could not be changed stays as it is shown. */
async function send(path: string, method: string, body?: object): Promise<Response> {
  const init: RequestInit = { method, cache: "no-store", keepalive: method !== "GET" };
  if (body) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json" };
  }
  const response = await signedFetch(URL_ + path, init);
  if (!response.ok) throw new Error(`${response.status}`);
  return response;
}
