import { useEffect, useState } from "react";
import { messages } from "../messages";
import { copyText } from "../share/copyText";
import { Icon } from "../ui/icons";

const SHOWN_MS = 2_000;

/** Copies all of the text, and says for a moment whether that went well. */
export function CopyText({ text }: { text: () => string }) {
  const [outcome, setOutcome] = useState<"copied" | "failed" | null>(null);
  const words = messages.panel;
  useEffect(() => {
    if (outcome === null) return;
    const timer = window.setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [outcome]);

  const copy = async () => setOutcome((await copyText(text())) ? "copied" : "failed");
  const said = outcome === "copied" ? words.copied : outcome === "failed" ? words.copyFailed : "";
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label={words.copy}
        title={words.copy}
        onClick={() => void copy()}
      >
        <Icon name={outcome === "copied" ? "check" : outcome === "failed" ? "close" : "copy"} />
      </button>
      <span className="offscreen" role="status">
        {said}
      </span>
    </>
  );
}
