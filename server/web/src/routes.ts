/** Which page a path asks for. The server sends the same document for all of them. */

export type Route = { page: "share" | "embed"; slug: string } | { page: "landing" } | { page: "missing" };

export function routeOf(path: string): Route {
  const match = /^\/(s|embed)\/([^/]+)\/?$/.exec(path);
  if (match?.[2]) return { page: match[1] === "s" ? "share" : "embed", slug: decode(match[2]) };
  return path === "/" || path === "/index.html" ? { page: "landing" } : { page: "missing" };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
