import { uuid } from "../beacons/events";

/** Keys for what is sent: the same thing, sent again because no answer came, is the same; anything else is new. */
export class Once {
  private last = "";
  private key = "";

  keyOf(what: unknown): string {
    const text = JSON.stringify(what);
    if (text !== this.last) this.key = uuid();
    this.last = text;
    return this.key;
  }

  /** It was answered: the same words again are said again. */
  done(): void {
    this.last = "";
  }
}
