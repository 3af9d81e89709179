import { useId, useLayoutEffect, useRef, type RefObject } from "react";
import { number } from "../messages";
import { words } from "../messages/comments";
import { lengthOf } from "./draft";
import { MAX_TEXT } from "./wire";

interface Props {
  label: string;
  placeholder?: string;
  value: string;
  onChange: (text: string) => void;
  onSend: () => void;
  onCancel?: () => void;
  autoFocus?: boolean;
  field?: RefObject<HTMLTextAreaElement | null>;
}

/** Some browsers do it by themselves (comments.css asks them to). */
const GROWS = typeof CSS !== "undefined" && CSS.supports("field-sizing", "content");

/** From here on it says how much room is left. */
const NEARLY = MAX_TEXT * 0.9;

/** A field that grows with its text. Control and Enter send it, Escape leaves it. */
export function TextBox({ label, placeholder, value, onChange, onSend, onCancel, autoFocus, field }: Props) {
  const own = useRef<HTMLTextAreaElement>(null);
  const box = field ?? own;
  const hint = useId();
  const length = lengthOf(value);
  const tooLong = length > MAX_TEXT;

  useLayoutEffect(() => {
    const area = box.current;
    if (!area || GROWS) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  }, [box, value]);

  useLayoutEffect(() => {
    if (autoFocus) box.current?.focus();
  }, [box, autoFocus]);

  return (
    <div className="text-box">
      <textarea
        ref={box}
        rows={1}
        dir="auto"
        value={value}
        aria-label={label}
        aria-invalid={tooLong || undefined}
        aria-describedby={length > NEARLY ? hint : undefined}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          // Enter may end the choice of a character.
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSend();
          else if (event.key === "Escape" && onCancel) onCancel();
          else return;
          event.preventDefault();
        }}
      />
      {length > NEARLY && (
        <p id={hint} className="talk-hint" data-wrong={tooLong || undefined} role="status">
          {(tooLong ? words.tooLong : words.length)(number(length), number(MAX_TEXT))}
        </p>
      )}
    </div>
  );
}
