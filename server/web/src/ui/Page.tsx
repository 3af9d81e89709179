import type { ReactNode } from "react";
import { messages } from "../messages";
import { Mark } from "./Mark";

interface Props {
  children: ReactNode;
  narrow?: boolean;
  /** Room for something beside the picture. */
  wide?: boolean;
}

/** Header with the mark, and the one main region that the skip link leads to. */
export function Page({ children, narrow = false, wide = false }: Props) {
  const width = narrow ? " page-narrow" : wide ? " page-wide" : "";
  return (
    <>
      <a className="skip" href="#main">
        {messages.skip}
      </a>
      <header className={`top${width}`}>
        <a className="brand" href="/">
          <Mark />
          {messages.brand}
        </a>
      </header>
      <main id="main" tabIndex={-1} className={`page${width}`}>
        {children}
      </main>
    </>
  );
}
