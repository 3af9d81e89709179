import { useEffect } from "react";
import { commandFor, focusOf, type Command } from "./keys";

/** The player's keys work wherever the focus is, except where the focused control needs the key itself. */
export function useKeys(run: (command: Command) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const command = commandFor(event, focusOf(event.composedPath()));
      if (!command) return;
      if (command.do !== "close") event.preventDefault();
      run(command);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [run]);
}
