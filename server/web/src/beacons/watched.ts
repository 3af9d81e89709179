/** Which pieces of a video were played, as pairs of seconds of media time. */

export type Piece = [from: number, to: number];

/** The server takes so many in one event; nobody jumps about more in a few seconds. */
const MOST = 50;
/** A picture that moved on by more than this between two reports did not play: it jumped. */
const LONGEST_STEP_S = 2;

export class Watched {
  private pieces: Piece[] = [];
  private open: Piece | null = null;

  /** The picture is at `time` and plays `rate` times as fast as it was recorded. */
  at(time: number, rate = 1): void {
    const step = this.open ? time - this.open[1] : -1;
    if (this.open && step >= 0 && step <= LONGEST_STEP_S * Math.max(1, rate)) this.open[1] = time;
    else {
      this.cut();
      this.open = [time, time];
    }
  }

  /** Playing stops here, or goes on elsewhere. */
  cut(): void {
    if (this.open && this.open[1] > this.open[0]) this.pieces.push(this.open);
    this.open = null;
  }

  /** What was played since the last call; a piece watched twice is there twice. */
  take(): Piece[] {
    const going = this.open;
    this.cut();
    if (going) this.open = [going[1], going[1]];
    const taken = joined(this.pieces).slice(-MOST);
    this.pieces = [];
    return taken;
  }
}

/** Those that follow each other without a gap are one; to the hundredth of a second. */
export function joined(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const [from, to] of pieces) {
    const last = found.at(-1);
    if (last && Math.abs(last[1] - from) < 0.05) last[1] = round(to);
    else found.push([round(from), round(to)]);
  }
  return found.filter(([from, to]) => to > from);
}

const round = (seconds: number) => Math.round(Math.max(0, seconds) * 100) / 100;
