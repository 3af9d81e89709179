/** Which page a path asks for. The server sends the same document for all of them. */

export type Route =
  | { page: "share" | "embed"; slug: string }
  | { page: (typeof PLAIN)[keyof typeof PLAIN] }
  | { page: "missing" };

/** Pages that are the same for everybody until they know who is there; the server lists these paths too. */
const PLAIN = {
  "/": "landing",
  "/signin": "signin",
  "/search": "search",
  "/security": "security",
  "/notifications": "notifications",
  "/billing": "billing",
  "/graphql": "graphiql",
  "/admin": "admin",
} as const;

export function routeOf(path: string): Route {
  const match = /^\/(s|embed)\/([^/]+)\/?$/.exec(path);
  if (match?.[2]) return { page: match[1] === "s" ? "share" : "embed", slug: decode(match[2]) };
  const plain = path === "/index.html" ? "/" : path;
  return plain in PLAIN ? { page: PLAIN[plain as keyof typeof PLAIN] } : { page: "missing" };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
