/** Whoever looks at the page, as the API of comments sees them: an account, or a guest. */
export interface Speaker {
  /** Null for guests. */
  readonly userId: string | null;
  /** Empty for a guest who has not said it yet. */
  readonly name: string;
  /** `fetch` with what proves who asks. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  /** What goes with everything that is said: accounts are known, guests say their name. */
  introduce(name: string): { name?: string };
  /** The answer to that; a new guest is told a token. */
  told(token: string | null | undefined, name: string): void;
}
