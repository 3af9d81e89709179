import { useCallback, useEffect, useState } from "react";
import { account, type Account } from "./api";

const ASK_AGAIN_MS = 3_000;
/** A payment is heard of within moments, or much later. */
const MOST_ASKED = 20;

/**
 * A workspace's plan and usage. `paid`: somebody comes back from paying, so it is asked until the provider has
 * told the server of it.
 */
export function useAccount(workspaceId: string, paid: boolean) {
  const [held, setHeld] = useState<{ of: string; account: Account } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);

  useEffect(() => {
    let wanted = true;
    account(workspaceId).then(
      (next) => {
        if (!wanted) return;
        setHeld({ of: workspaceId, account: next });
        setProblem(null);
      },
      (refused: unknown) => wanted && setProblem((refused as Error).message),
    );
    return () => void (wanted = false);
  }, [workspaceId, round]);

  const shown = held?.of === workspaceId ? held.account : null;
  const waits = paid && shown !== null && shown.billing.plan.free && round < MOST_ASKED;
  useEffect(() => {
    if (!waits) return;
    const timer = window.setTimeout(() => setRound(round + 1), ASK_AGAIN_MS);
    return () => window.clearTimeout(timer);
  }, [waits, round]);

  const again = useCallback(() => setRound((before) => before + 1), []);
  return { account: shown, problem, again };
}
