import { useCallback, useEffect, useRef, useState } from "react";
import { changeSharing, readSharing, type Outcome, type Seen } from "../api/sharing";
import { words } from "../messages/sharing";
import { Problem } from "../signin/Problem";
import { Icon } from "../ui/icons";
import { CopyCodes } from "./CopyCodes";
import { changesOf, chosenOf, type Chosen } from "./form";
import { SettingsForm } from "./SettingsForm";
import "../styles/sharing.css";

interface Props {
  recordingId: string;
  title: string;
  /** Seconds that the player shows. */
  time: number;
  onClose: () => void;
  onChanged: () => void;
}

/** A modal dialog: the browser keeps the focus inside and closes it on Escape. */
export function SharingDialog({ recordingId, title, time, onClose, onChanged }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [seen, setSeen] = useState<Seen | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);

  useEffect(() => dialog.current?.showModal(), []);
  const take = useCallback((outcome: Outcome): boolean => {
    const found = outcome.kind === "seen";
    if (found) setSeen(outcome.seen);
    setProblem(found ? null : outcome.sentence || words.unreachable);
    return found;
  }, []);
  useEffect(() => {
    let here = true;
    void readSharing(recordingId).then((outcome) => here && take(outcome));
    return () => {
      here = false;
    };
  }, [recordingId, take]);

  const save = async (chosen: Chosen) => {
    if (!seen) return;
    setBusy(true);
    setSaved(false);
    const outcome = await changeSharing(recordingId, changesOf(chosen, seen.settings), seen.version);
    setBusy(false);
    setSaved(take(outcome));
    if (outcome.kind === "seen") onChanged();
  };
  return (
    <dialog
      ref={dialog}
      className="sharing"
      aria-labelledby="sharing-title"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className="sharing-body">
        <h2 id="sharing-title">{words.title}</h2>
        <button
          type="button"
          className="sharing-close"
          aria-label={words.close}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
        {seen ? (
          <>
            <CopyCodes settings={seen.settings} title={title} time={time} />
            <SettingsForm
              key={seen.version}
              before={chosenOf(seen.settings)}
              busy={busy}
              onSave={(chosen) => void save(chosen)}
              onChange={() => setSaved(false)}
            />
          </>
        ) : (
          problem === null && <p>{words.loading}</p>
        )}
        <p className="sharing-saved" role="status">
          {saved && words.saved}
        </p>
        <Problem text={problem} />
      </div>
    </dialog>
  );
}
