import { useState } from "react";
import type { ShareSettings } from "../api/sharing";
import { words } from "../messages/sharing";
import { clock, linkAt } from "../player/time";
import { copyText } from "../share/copyText";
import { Icon } from "../ui/icons";
import { embedCode } from "./form";

interface Props {
  settings: ShareSettings;
  title: string;
  /** Seconds that the player shows. */
  time: number;
}

/** The link, perhaps at this moment, and what puts the player into another page. */
export function CopyCodes({ settings, title, time }: Props) {
  const [at, setAt] = useState(false);
  const started = time >= 1;
  return (
    <div className="sharing-codes">
      <Code
        label={words.link}
        text={linkAt(settings.shareUrl, at && started ? time : null)}
        copy={words.copyLink}
        copied={words.linkCopied}
      />
      {started && (
        <label className="sharing-at">
          <input type="checkbox" checked={at} onChange={(event) => setAt(event.target.checked)} />
          {words.startAt(clock(time))}
        </label>
      )}
      <Code
        label={words.embed}
        text={embedCode(settings.embedUrl, title)}
        copy={words.copyEmbed}
        copied={words.embedCopied}
      />
    </div>
  );
}

interface CodeProps {
  label: string;
  text: string;
  copy: string;
  copied: string;
}

function Code({ label, text, copy, copied }: CodeProps) {
  const [done, setDone] = useState<string | null>(null);
  const isCopied = done === text;
  return (
    <div className="sharing-code">
      <label>
        {label}
        <input readOnly value={text} onFocus={(event) => event.target.select()} />
      </label>
      <button
        type="button"
        className="button"
        aria-label={isCopied ? copied : copy}
        onClick={() => void copyText(text).then((worked) => setDone(worked ? text : null))}
      >
        <Icon name={isCopied ? "check" : "copy"} />
        <span aria-live="polite">{isCopied ? words.copied : words.copy}</span>
      </button>
    </div>
  );
}
