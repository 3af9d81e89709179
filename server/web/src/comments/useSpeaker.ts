import { useMemo } from "react";
import { Guest } from "./guest";
import type { Speaker } from "./speaker";

/** Who comments here. The one place that decides whose name, and which `fetch`, is used. */
export function useSpeaker(recordingId: string): Speaker {
  return useMemo(() => new Guest(recordingId), [recordingId]);
}
