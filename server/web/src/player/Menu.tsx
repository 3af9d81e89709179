import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

/** Some choices of which one is made. */
export interface Group {
  name: string;
  items: readonly { label: string; chosen: boolean; choose: () => void }[];
}

export interface Choice<T> {
  value: T;
  label: string;
}

export function group<T>(
  name: string,
  choices: readonly Choice<T>[],
  value: T,
  onChoose: (value: T) => void,
): Group {
  const item = (choice: Choice<T>) => ({
    label: choice.label,
    chosen: choice.value === value,
    choose: () => onChoose(choice.value),
  });
  return { name, items: choices.map(item) };
}

interface Props {
  /** Name for people who do not see the button: what it is for, and the present choice. */
  name: string;
  groups: readonly Group[];
  className?: string;
  /** What the button shows. */
  children: ReactNode;
}

/** A button that opens lists of which one is chosen each, after the menu-button pattern of the ARIA practices guide. */
export function Menu({ name, groups, className = "", children }: Props) {
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLDivElement>(null);
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
    <div className={`menu ${className}`} data-open={open || undefined}>
      <button
        ref={button}
        type="button"
        className="control menu-button"
        aria-label={name}
        title={name}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <div
          ref={list}
          id={id}
          className="menu-list"
          role="menu"
          aria-label={name}
          onKeyDown={(event) => moveFocus(event, close)}
        >
          {groups.map((one) => (
            <MenuGroup key={one.name} group={one} alone={groups.length === 1} onDone={close} />
          ))}
        </div>
      )}
    </div>
  );
}

interface GroupProps {
  group: Group;
  /** Needs no heading. */
  alone: boolean;
  onDone: () => void;
}

function MenuGroup({ group: { name, items }, alone, onDone }: GroupProps) {
  return (
    <ul role="group" aria-label={name}>
      {!alone && (
        <li className="menu-heading" role="presentation">
          {name}
        </li>
      )}
      {items.map((item) => (
        <li
          key={item.label}
          role="menuitemradio"
          aria-checked={item.chosen}
          tabIndex={item.chosen ? 0 : -1}
          onClick={() => {
            item.choose();
            onDone();
          }}
        >
          {item.label}
        </li>
      ))}
    </ul>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitemradio]")];
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
