import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";

export interface Choice<T> {
  value: T;
  label: string;
}

interface Props<T> {
  /** Name for people who do not see the button. */
  name: string;
  /** What the button shows: the present choice, short. */
  shown: string;
  choices: readonly Choice<T>[];
  value: T;
  onChoose: (value: T) => void;
}

/** A button that opens a list of which one is chosen, after the menu-button pattern of the ARIA practices guide. */
export function Menu<T>({ name, shown, choices, value, onChoose }: Props<T>) {
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  useEffect(() => {
    if (!open) return;
    list.current?.querySelector<HTMLElement>("[aria-checked=true]")?.focus();
    const outside = (event: PointerEvent) => {
      const inside = event.target instanceof Node && list.current?.parentElement?.contains(event.target);
      if (!inside) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  return (
    <div className="menu" data-open={open || undefined}>
      <button
        ref={button}
        type="button"
        className="control menu-button"
        aria-label={`${name}: ${shown}`}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {shown}
      </button>
      {open && (
        <ul ref={list} id={id} role="menu" aria-label={name} onKeyDown={(event) => moveFocus(event, close)}>
          {choices.map((choice) => (
            <li
              key={choice.label}
              role="menuitemradio"
              aria-checked={choice.value === value}
              tabIndex={choice.value === value ? 0 : -1}
              onClick={() => {
                onChoose(choice.value);
                close();
              }}
            >
              {choice.label}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function moveFocus(event: KeyboardEvent<HTMLUListElement>, close: () => void): void {
  const items = [...event.currentTarget.children] as HTMLElement[];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const go = (to: number) => items.at(to % items.length)?.focus();
  const keys: Record<string, () => void> = {
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    Home: () => go(0),
    End: () => go(-1),
    Enter: () => items[at]?.click(),
    " ": () => items[at]?.click(),
    Escape: close,
    Tab: close,
  };
  const act = keys[event.key];
  if (!act) return;
  if (event.key !== "Tab") event.preventDefault();
  event.stopPropagation();
  act();
}
