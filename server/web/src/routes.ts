/** Which page a path asks for. The server sends the same document for all of them. */

export type Route =
  | { page: "share" | "embed"; slug: string }
  | { page: "account"; act: Act }
  | { page: (typeof PLAIN)[keyof typeof PLAIN] }
  | { page: "missing" };

/** Where links in letters lead, and who has forgotten a password. */
const ACTS = ["verify", "reset", "forgotten", "email", "invitation"] as const;
export type Act = (typeof ACTS)[number];

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
  const act = ACTS.find((one) => path === `/account/${one}`);
  if (act) return { page: "account", act };
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
