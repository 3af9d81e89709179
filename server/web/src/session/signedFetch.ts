import { session } from "./session";

/**
 * `fetch` of this server's API as whoever is signed in, or as nobody. A token that has ended is renewed on the way,
 * so a body has to be one that can be sent twice.
 */
export async function signedFetch(path: string | URL, init: RequestInit = {}): Promise<Response> {
  const url = new URL(path, location.origin);
  if (url.origin !== location.origin) throw new Error("A token is for this server alone");
  const token = await session.token();
  const response = await fetch(url, withToken(init, token));
  // A wrong password is 401 too: sent once more, it would count as two tries.
  const ended = response.headers.get("WWW-Authenticate")?.includes("invalid_token");
  if (response.status !== 401 || !ended || token === null) return response;
  return fetch(url, withToken(init, await session.instead(token)));
}

function withToken(init: RequestInit, token: string | null): RequestInit {
  if (token === null) return init;
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${token}`);
  return { ...init, headers };
}
