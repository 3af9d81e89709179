/** One question at a time; sleeps while the page is hidden or offline and wakes at once after. */
export class Poll<T> {
  private readonly gone = new AbortController();
  private timer = 0;
  private asking = false;
  private due = true;
  private again = false;

  /** `deliver` takes an answer and says after how many milliseconds to ask again; null for never. */
  constructor(
    private readonly question: (signal: AbortSignal) => Promise<T>,
    private readonly deliver: (answer: T) => number | null,
  ) {
    const wake = () => {
      if (this.due && !document.hidden) this.ask();
    };
    document.addEventListener("visibilitychange", wake, { signal: this.gone.signal });
    window.addEventListener("online", wake, { signal: this.gone.signal });
    this.ask();
  }

  ask(): void {
    if (this.asking || this.gone.signal.aborted) return;
    this.asking = true;
    window.clearTimeout(this.timer);
    this.question(this.gone.signal)
      .then((answer) => this.settle(answer))
      .catch(() => undefined) // closed while asking
      .finally(() => {
        this.asking = false;
        if (this.again) this.askAnew();
      });
  }

  /** Also where a question is under way: its answer may be old news. */
  askAnew(): void {
    this.again = this.asking;
    this.ask();
  }

  close(): void {
    this.gone.abort();
    window.clearTimeout(this.timer);
  }

  private settle(answer: T): void {
    const delay = this.deliver(answer);
    this.due = delay !== null;
    if (delay === null) return;
    this.timer = window.setTimeout(() => {
      if (!document.hidden) this.ask();
    }, delay);
  }
}
