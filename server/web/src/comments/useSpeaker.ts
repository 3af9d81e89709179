import { useMemo } from "react";
import type { User } from "../session/auth";
import { signedFetch } from "../session/signedFetch";
import { useSession } from "../session/useSession";
import { Guest } from "./guest";
import type { Speaker } from "./speaker";

/** Who comments here: the one place that decides whose name, and which `fetch`, is used. Null while nobody knows. */
export function useSpeaker(recordingId: string): Speaker | null {
  const { state, user } = useSession();
  return useMemo(() => {
    if (state === "unknown") return null;
    return user === null ? new Guest(recordingId) : accountOf(user);
  }, [state, user, recordingId]);
}

function accountOf({ id, username }: User): Speaker {
  return {
    userId: id,
    name: username,
    ask: signedFetch,
    introduce: () => ({}),
    told: () => undefined,
  };
}
