/** How one may sign in to this server: `GET /auth/ways`. */

import { useEffect, useState } from "react";
import { getJson } from "../api/get";

export interface Provider {
  id: string;
  name: string;
  startPath: string;
}

export interface Ways {
  /** Whether this server can have passkeys at the address at which it was opened. */
  passkeys: boolean;
  providers: Provider[];
}

/** Null until it is known. A server that does not answer offers nothing. */
export function useWays(): Ways | null {
  const [ways, setWays] = useState<Ways | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    getJson("/auth/ways", leaving.signal).then(
      (answer) => {
        if (answer.kind === "found") setWays(answer.value as Ways);
      },
      () => undefined, // the page was left
    );
    return () => leaving.abort();
  }, []);
  return ways;
}
