import { useCallback, useEffect, useState } from "react";
import { ask } from "./api";

export interface Answer<T> {
  /** The last one; null until there is one. */
  data: T | null;
  problem: string | null;
  asking: boolean;
  again: () => void;
}

/** What the server answers at `path`; null asks nothing. */
export function useAnswer<T>(path: string | null): Answer<T> {
  const [round, setRound] = useState(0);
  const asked = path === null ? null : `${round} ${path}`;
  const [held, setHeld] = useState<{ of: string; data: T | null; problem: string | null } | null>(null);
  useEffect(() => {
    if (path === null || asked === null) return;
    let wanted = true;
    ask<T>(path).then(
      (data) => wanted && setHeld({ of: asked, data, problem: null }),
      (refused: unknown) =>
        wanted &&
        setHeld((before) => ({ of: asked, data: before?.data ?? null, problem: (refused as Error).message })),
    );
    return () => {
      wanted = false;
    };
  }, [path, asked]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { data: held?.data ?? null, problem: held?.problem ?? null, asking: held?.of !== asked, again };
}
