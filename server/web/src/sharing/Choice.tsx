import type { ReactNode } from "react";

interface Props {
  kind?: "checkbox" | "radio";
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (on: boolean) => void;
  /** What more there is to say where it is chosen. */
  children?: ReactNode;
}

export function Choice({ kind = "checkbox", label, hint, checked, onChange, children }: Props) {
  return (
    <div className="sharing-choice">
      <label>
        <input
          type={kind}
          name={kind === "radio" ? "visibility" : undefined}
          checked={checked}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>
          {label}
          {hint && <small>{hint}</small>}
        </span>
      </label>
      {checked && children}
    </div>
  );
}
