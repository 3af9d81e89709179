import { useEffect, useState } from "react";
import { list, mark, markAll, remove, type Notification, type Told } from "./api";

const NONE: Told = { entries: [], unread: 0, cursor: null };

/**
 * A list of what somebody was told, with what can be done to it; `failed` where the server does not answer.
 * It is asked for anew when `version` changes.
 */
export function useTold(size: number, unreadOnly = false, version = 0) {
  const [told, setTold] = useState(NONE);
  const [state, setState] = useState<"asking" | "here" | "failed">("asking");

  const [tries, setTries] = useState(0);

  const doing = async (work: () => Promise<Told>) => {
    try {
      setTold(await work());
      setState("here");
    } catch {
      setState("failed");
    }
  };

  useEffect(() => {
    let over = false;
    list(size, unreadOnly).then(
      (next) => {
        if (over) return;
        setTold(next);
        setState("here");
      },
      () => over || setState("failed"),
    );
    return () => void (over = true);
  }, [size, unreadOnly, version, tries]);

  const change = (id: string, by: Notification | null): Told => {
    const before = told.entries.find((one) => one.id === id);
    const entries = told.entries.flatMap((one) => (one.id === id ? (by ? [by] : []) : [one]));
    const was = before && !before.read ? 1 : 0;
    const is = by && !by.read ? 1 : 0;
    return { ...told, entries, unread: told.unread - was + is };
  };

  return {
    ...told,
    state,
    askAgain: () => setTries(tries + 1),
    askMore: () =>
      doing(async () => {
        const next = await list(size, unreadOnly, told.cursor);
        return { ...next, entries: [...told.entries, ...next.entries] };
      }),
    mark: (id: string, read: boolean) => doing(async () => change(id, await mark(id, read))),
    markAll: () =>
      doing(async () => {
        const { unread } = await markAll();
        return { ...told, unread, entries: told.entries.map((one) => ({ ...one, read: true })) };
      }),
    remove: (id: string) =>
      doing(async () => {
        await remove(id);
        return change(id, null);
      }),
  };
}
