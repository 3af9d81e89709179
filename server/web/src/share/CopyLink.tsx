import { useEffect, useState } from "react";
import { messages } from "../messages";
import { clock, linkAt } from "../player/time";
import { Icon } from "../ui/icons";
import { copyText } from "./copyText";

interface Props {
  shareUrl: string;
  /** Seconds; offers a second button for the link at this moment. */
  time: number | null;
}

type Outcome = { kind: "copied" } | { kind: "failed"; link: string } | null;

const SHOWN_MS = 2_500;

export function CopyLink({ shareUrl, time }: Props) {
  const [outcome, setOutcome] = useState<Outcome>(null);
  const words = messages.actions;
  useEffect(() => {
    if (outcome?.kind !== "copied") return;
    const timer = window.setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [outcome]);

  const copy = async (seconds: number | null) => {
    const link = linkAt(shareUrl, seconds);
    setOutcome((await copyText(link)) ? { kind: "copied" } : { kind: "failed", link });
  };

  return (
    <>
      <button type="button" className="button button-main" onClick={() => void copy(null)}>
        <Icon name={outcome?.kind === "copied" ? "check" : "link"} />
        <span aria-live="polite">{outcome?.kind === "copied" ? words.copied : words.copy}</span>
      </button>
      {time !== null && time > 0 && (
        <button type="button" className="button button-quiet" onClick={() => void copy(time)}>
          {words.copyAt(clock(time))}
        </button>
      )}
      {outcome?.kind === "failed" && (
        <label className="copy-by-hand">
          {words.copyFailed}
          <input readOnly value={outcome.link} onFocus={(event) => event.target.select()} />
        </label>
      )}
    </>
  );
}
