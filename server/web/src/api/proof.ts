/**
 * What this page got for a link's password: `POST /api/v1/shares/{slug}/unlock`.
 *
 * The browser keeps it in a cookie as well, for the next page. In a frame on another site there are no cookies, so
 * whatever the page asks carries it.
 */

export const PROOF_HEADER = "X-Share-Token";

let kept: string | null = null;

export const proof = {
  held: (): boolean => kept !== null,
  header: (): Record<string, string> => (kept === null ? {} : { [PROOF_HEADER]: kept }),
  keep: (token: string | null): void => {
    kept = token;
  },
};
