import type { ReactNode } from "react";
import { messages } from "../messages";
import { Account } from "../session/Account";
import { Languages } from "./Languages";
import { Mark } from "./Mark";

interface Props {
  children: ReactNode;
  narrow?: boolean;
  /** Room for something beside the picture. */
  wide?: boolean;
  /** Nobody is named in the header: the page is about that, or the page has its own field to search in. */
  header?: "account" | "withoutSearch" | "bare";
}

/** Header with the mark and whoever is signed in, the one main region that the skip link leads to, languages below. */
export function Page({ children, narrow = false, wide = false, header = "account" }: Props) {
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
        {header !== "bare" && <Account search={header === "account"} />}
      </header>
      <main id="main" tabIndex={-1} className={`page${width}`}>
        {children}
      </main>
      <Languages />
    </>
  );
}
