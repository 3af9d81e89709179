/** How a recording is shared, for who may change that: `/api/v1/recordings/{id}/share`. */

import { refusal } from "../messages";
import { signedFetch } from "../session/signedFetch";
import { call, type Answered } from "./client";
import type { ShareSettings, ShareSettingsRequest } from "./schema";

export type { ShareSettings, ShareSettingsRequest };

/** With the version that was seen: nobody else's change is undone unseen. */
export interface Seen {
  settings: ShareSettings;
  version: string | undefined;
}

/** A sentence where it was refused; empty where nobody answered. */
export type Outcome = { kind: "seen"; seen: Seen } | { kind: "refused"; sentence: string };

const PATH = "/api/v1/recordings/{recording_id}/share";

export function readSharing(recordingId: string): Promise<Outcome> {
  return outcome(call(signedFetch, `GET ${PATH}`, { path: { recording_id: recordingId } }));
}

export function changeSharing(
  recordingId: string,
  body: ShareSettingsRequest,
  version: string | undefined,
): Promise<Outcome> {
  const header = version === undefined ? {} : { "If-Match": version };
  return outcome(call(signedFetch, `PATCH ${PATH}`, { path: { recording_id: recordingId }, header, body }));
}

async function outcome(asked: Promise<Answered<ShareSettings>>): Promise<Outcome> {
  try {
    const answer = await asked;
    if (!answer.ok)
      return { kind: "refused", sentence: refusal(answer.refusal?.code, answer.refusal?.error ?? "") };
    return {
      kind: "seen",
      seen: { settings: answer.value, version: answer.headers.get("ETag") ?? undefined },
    };
  } catch {
    return { kind: "refused", sentence: "" };
  }
}
