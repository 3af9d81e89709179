import { useEffect, useRef } from "react";
import { messages } from "../messages";
import { Icon } from "../ui/icons";
import { HELP_ROWS } from "./keys";

/** A modal dialog: the browser keeps the focus inside and closes it on Escape. */
export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const words = messages.keys;

  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);

  return (
    <dialog
      ref={dialog}
      className="key-help"
      aria-labelledby="key-help-title"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="key-help-body">
        <h2 id="key-help-title">{words.title}</h2>
        <button type="button" className="key-help-close" aria-label={words.close} onClick={onClose}>
          <Icon name="close" />
        </button>
        <dl>
          {HELP_ROWS.map(([row, keys]) => (
            <div key={row}>
              <dt>{words.rows[row]}</dt>
              <dd>
                {keys.map((key) => (
                  <kbd key={key}>{words.caps[key] ?? key}</kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </dialog>
  );
}
