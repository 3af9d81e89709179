import { useEffect, useRef } from "react";
import { useSession } from "../session/useSession";

/** Asks anew when somebody else looks: what they may do is part of the answer. */
export function useAskedAs(refresh: () => void): void {
  const { user } = useSession();
  const who = user?.id ?? null;
  const asked = useRef<string | null>(null);
  useEffect(() => {
    if (asked.current === who) return;
    asked.current = who;
    refresh();
  }, [who, refresh]);
}
