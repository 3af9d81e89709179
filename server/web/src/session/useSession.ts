import { useEffect, useSyncExternalStore } from "react";
import { session, type View } from "./session";

export type SignedIn = View & {
  /** False where the server could not be reached: the sign-in goes on. */
  signOut: () => Promise<boolean>;
};

const signOut = () => session.signOut();

/** Who is signed in. `always` asks the server even where nobody seems to be: pages that need somebody. */
export function useSession(always = false): SignedIn {
  useEffect(() => session.begin(always), [always]);
  const view = useSyncExternalStore(session.subscribe, session.read);
  return { ...view, signOut };
}
