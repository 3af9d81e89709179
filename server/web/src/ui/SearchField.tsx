import { useEffect, useRef } from "react";
import { messages } from "../messages";
import { focusOf } from "../player/keys";

interface Props {
  value?: string;
  autoFocus?: boolean;
  onChange?: (text: string) => void;
  /** Enter. */
  onSubmit: (text: string) => void;
}

/** The field to search all recordings in. The key / leads to it from anywhere on the page. */
export function SearchField({ value, autoFocus = false, onChange, onSubmit }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
        return;
      if (focusOf(event.composedPath()) === "text") return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);

  return (
    <form
      role="search"
      className="search-field"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(input.current?.value ?? "");
      }}
    >
      <input
        ref={input}
        type="search"
        name="q"
        maxLength={200}
        autoFocus={autoFocus}
        autoComplete="off"
        enterKeyHint="search"
        placeholder={messages.search.field}
        aria-label={messages.search.field}
        aria-keyshortcuts="/"
        {...(value === undefined ? {} : { value })}
        onChange={(event) => onChange?.(event.target.value)}
      />
    </form>
  );
}
