/** Steps of processing, for whoever may change the recording: `/api/v1/recordings/{id}/steps`. */

import { refusal } from "../messages";
import { signedFetch } from "../session/signedFetch";

/** Has a failed step tried again; why not, where that cannot be: empty where the server is away. */
export async function retryStep(recordingId: string, step: string): Promise<string | null> {
  const path = `/api/v1/recordings/${encodeURIComponent(recordingId)}/steps/${encodeURIComponent(step)}/retry`;
  try {
    const response = await signedFetch(path, { method: "POST" });
    // Somebody else was faster: it is under way already.
    if (response.ok || response.status === 409) return null;
    const { code, error } = (await response.json()) as { code?: string; error?: string };
    return refusal(code, error ?? "");
  } catch {
    return "";
  }
}
