import { useEffect, useRef, useState, type ReactNode } from "react";

interface Props {
  className: string;
  /** Name of the button, where it shows no words; of the list always. */
  label: string;
  button: ReactNode;
  /** `<li>`s with links. */
  children: ReactNode;
}

/** A button that opens a list of links. Tab goes through them as through any others; Escape closes it. */
export function Disclosure({ className, label, button, children }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
    };
  }, [open]);

  return (
    <div
      ref={root}
      className="disclosure"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        setOpen(false);
        opener.current?.focus();
      }}
    >
      <button
        ref={opener}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <ul aria-label={label} onClick={() => setOpen(false)}>
          {children}
        </ul>
      )}
    </div>
  );
}
