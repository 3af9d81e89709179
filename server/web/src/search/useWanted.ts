import { useCallback, useEffect, useState } from "react";
import { addressOf, wantedOf, type Wanted } from "./wanted";

/** Whether the browser's way back leads to what was searched before. */
type Step = "new" | "same";

/** What is searched for; the page's address says it, and going back brings it back. */
export function useWanted(): [Wanted, (change: Partial<Wanted>, step: Step) => void] {
  const [wanted, setWanted] = useState(() => wantedOf(location.search));
  useEffect(() => {
    const back = () => setWanted(wantedOf(location.search));
    window.addEventListener("popstate", back);
    return () => window.removeEventListener("popstate", back);
  }, []);

  const change = useCallback((part: Partial<Wanted>, step: Step) => {
    const next = { ...wantedOf(location.search), ...part };
    const address = addressOf(next);
    if (address === location.pathname + location.search) return;
    if (step === "new") history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    setWanted(next);
  }, []);
  return [wanted, change];
}
