import { useEffect } from "react";
import { messages } from "../messages";
import type { ShareView } from "./useShare";

/** Names the tab after the recording; its title may change while the page is open. */
export function useTitle({ answer }: ShareView): void {
  useEffect(() => {
    if (answer?.kind === "found")
      document.title = messages.pageTitle(answer.share.title || messages.untitled);
    if (answer?.kind === "locked") document.title = messages.pageTitle(messages.locked.title);
    if (answer?.kind === "missing") document.title = messages.pageTitle(messages.missing.title);
  }, [answer]);
}
