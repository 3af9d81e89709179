import type { MouseEvent } from "react";

/** Who pressed with a pointer goes on with the player's keys: the space bar shall pause, not press again. */
export function press(event: MouseEvent<HTMLElement>, act: () => void): void {
  if (event.detail > 0) event.currentTarget.blur();
  act();
}
