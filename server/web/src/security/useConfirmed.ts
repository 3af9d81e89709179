import { useState } from "react";
import { Refused, type Confirmation } from "./api";

type Act = (confirmed: Confirmation) => Promise<string | null>;

export interface Confirmed {
  /** Does it; where the sign-in is too old, the person is asked for their password first. */
  run: (act: Act) => Promise<void>;
  /** Whether they are being asked. */
  asking: boolean;
  confirm: (given: Confirmation) => Promise<void>;
  cancel: () => void;
  problem: string | null;
  busy: boolean;
}

/** For acts that the server takes from somebody alone who has just proved who they are. */
export function useConfirmed(): Confirmed {
  const [waiting, setWaiting] = useState<Act | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const attempt = async (act: Act, given: Confirmation) => {
    setBusy(true);
    setProblem(null);
    try {
      setProblem(await act(given));
      setWaiting(null);
    } catch (refused) {
      const again = refused instanceof Refused && refused.code === "sign_in_again";
      if (again) setWaiting(() => act);
      else setProblem((refused as Error).message);
    }
    setBusy(false);
  };
  return {
    run: (act) => attempt(act, {}),
    asking: waiting !== null,
    confirm: async (given) => {
      if (waiting) await attempt(waiting, given);
    },
    cancel: () => setWaiting(null),
    problem,
    busy,
  };
}
