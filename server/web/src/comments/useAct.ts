import { useState } from "react";
import { refusal } from "../messages";
import { words } from "../messages/comments";
import { Refused } from "./api";

interface Act {
  busy: boolean;
  /** In words; empty while all is well. */
  problem: string;
  /** True where it went well. One at a time: what is asked meanwhile is left. */
  act: (what: () => Promise<unknown>) => Promise<boolean>;
  say: (problem: string) => void;
}

/** Something that the server is asked to do, and how that went. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [problem, say] = useState("");
  const act = async (what: () => Promise<unknown>) => {
    if (busy) return false;
    setBusy(true);
    say("");
    try {
      await what();
      return true;
    } catch (reason) {
      say(problemOf(reason));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, act, say };
}

export function problemOf(reason: unknown): string {
  if (!(reason instanceof Refused)) throw reason;
  if (reason.waitS !== null) return words.slowDown(Math.ceil(reason.waitS));
  return words.problems[reason.code] ?? words.refused(refusal(reason.code, reason.sentence));
}
