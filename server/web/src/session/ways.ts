/** The address of the sign-in, and of where it leads back to. */

export function signInPath(next = location.pathname + location.search): string {
  return `/signin?next=${encodeURIComponent(next)}`;
}

/** Where to go after it: a page of this server, whatever a link says. */
export function nextOf(search: string, start = "/search"): string {
  const home = new URL(start, location.origin).href;
  const next = new URLSearchParams(search).get("next");
  if (!next?.startsWith("/")) return home;
  try {
    const url = new URL(next, location.origin);
    return url.origin === location.origin && url.pathname !== "/signin" ? url.href : home;
  } catch {
    return home;
  }
}
