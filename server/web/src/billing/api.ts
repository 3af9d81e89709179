/** Plans and usage of workspaces, and the payment provider's pages. */

import { call, type Answered, type Send } from "../api/client";
import type { Billing, Workspace, WorkspaceUsage } from "../api/schema";
import { refusal } from "../messages";
import { words } from "../messages/billing";
import { signedFetch } from "../session/signedFetch";

export type { Billing, Entitlements, Plan, QuotaOut, Workspace, WorkspaceUsage } from "../api/schema";

/** A workspace's plan, and how much of it is used. */
export interface Account {
  billing: Billing;
  usage: WorkspaceUsage;
}

const send: Send = (path, init) => signedFetch(path, { ...init, cache: "no-store" });

/** Those whose plan one may see; the personal one first. */
export async function workspaces(): Promise<Workspace[]> {
  const { data } = await value(call(send, "GET /api/v1/workspaces"));
  return data.filter(({ role }) => role === "owner" || role === "admin");
}

export async function account(workspaceId: string): Promise<Account> {
  const path = { workspace_id: workspaceId };
  const [billing, usage] = await Promise.all([
    value(call(send, "GET /api/v1/workspaces/{workspace_id}/billing", { path })),
    value(call(send, "GET /api/v1/workspaces/{workspace_id}/usage", { path })),
  ]);
  return { billing, usage };
}

/** The address where a plan is paid for. */
export async function checkout(workspaceId: string, plan: string): Promise<string> {
  const input = { path: { workspace_id: workspaceId }, body: { plan } };
  return (await value(call(send, "POST /api/v1/workspaces/{workspace_id}/billing/checkout", input))).url;
}

/** The address where a subscription is changed or ended, with cards and invoices. */
export async function portal(workspaceId: string): Promise<string> {
  const input = { path: { workspace_id: workspaceId } };
  return (await value(call(send, "POST /api/v1/workspaces/{workspace_id}/billing/portal", input))).url;
}

/** Rejects with a sentence for people. */
async function value<T>(asked: Promise<Answered<T>>): Promise<T> {
  const answer = await asked.catch(() => null);
  if (answer?.ok) return answer.value;
  throw new Error(refusal(answer?.refusal?.code, answer?.refusal?.error ?? words.unreachable));
}
