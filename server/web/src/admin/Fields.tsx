import { useEffect, useState, type ReactNode } from "react";
import { words } from "../messages/admin";

const PAUSE_MS = 300;

interface ChoiceProps {
  label: string;
  value: string;
  /** Values with their words. */
  options: Readonly<Record<string, string>>;
  onChange: (value: string) => void;
  /** Without, one of them is always chosen. */
  any?: boolean;
}

export function Choice({ label, value, options, onChange, any = true }: ChoiceProps) {
  return (
    <label className="admin-field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {any && <option value="">{words.any}</option>}
        {Object.entries(options).map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TextProps {
  label: string;
  onChange: (value: string) => void;
  type?: "search" | "date";
}

/** Tells of what was typed when whoever types pauses. */
export function TextFilter({ label, onChange, type = "search" }: TextProps) {
  const [typed, setTyped] = useState("");
  const [told, setTold] = useState("");
  useEffect(() => {
    if (typed === told) return;
    const timer = window.setTimeout(() => {
      setTold(typed);
      onChange(typed.trim());
    }, PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [typed, told, onChange]);
  return (
    <label className="admin-field">
      <span>{label}</span>
      <input type={type} value={typed} onChange={(event) => setTyped(event.target.value)} />
    </label>
  );
}

/** The row of filters above a list. */
export function Filters({ children, onRefresh }: { children?: ReactNode; onRefresh: () => void }) {
  return (
    <div className="admin-filters">
      {children}
      <button type="button" className="button" onClick={onRefresh}>
        {words.refresh}
      </button>
    </div>
  );
}
