import { useEffect, type ReactNode } from "react";
import { messages } from "../messages";
import type { User } from "./auth";
import { useSession } from "./useSession";
import { signInPath } from "./ways";

/** For pages that need somebody: whoever is not signed in does that first, and comes back. */
export function ForPerson({ children }: { children: (user: User) => ReactNode }) {
  const { state, user } = useSession(true);
  useEffect(() => {
    if (state === "out") location.replace(signInPath());
  }, [state]);
  return user ? children(user) : <p className="opening">{messages.session.looking}</p>;
}
