import type { ReactNode } from "react";
import { messages } from "../messages";
import { Mark } from "./Mark";

/** Header with the mark, and the one main region that the skip link leads to. */
export function Page({ children, narrow = false }: { children: ReactNode; narrow?: boolean }) {
  return (
    <>
      <a className="skip" href="#main">
        {messages.skip}
      </a>
      <header className={narrow ? "top page-narrow" : "top"}>
        <a className="brand" href="/">
          <Mark />
          {messages.brand}
        </a>
      </header>
      <main id="main" tabIndex={-1} className={narrow ? "page page-narrow" : "page"}>
        {children}
      </main>
    </>
  );
}
