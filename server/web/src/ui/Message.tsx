import type { ReactNode } from "react";
import { Mark } from "./Mark";

interface Props {
  title: string;
  text: string;
  /** Something is under way: the mark breathes. */
  busy?: boolean;
  children?: ReactNode;
}

/** A page, or an embed, that has one thing to say. */
export function Message({ title, text, busy = false, children }: Props) {
  return (
    <div className="message" data-busy={busy || undefined} role={busy ? "status" : undefined}>
      <Mark />
      <h1>{title}</h1>
      <p>{text}</p>
      {children}
    </div>
  );
}
