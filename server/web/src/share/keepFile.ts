import type { MouseEvent } from "react";
import { session } from "../session/session";
import { signedFetch } from "../session/signedFetch";

const FORGET_MS = 60_000;

/** A link carries no token: whoever is signed in gets a file of a share by a request that does. */
export function keepFile(event: MouseEvent<HTMLAnchorElement>): void {
  const { href, pathname } = event.currentTarget;
  if (session.read().state !== "in" || !pathname.startsWith("/api/v1/shares/")) return;
  event.preventDefault();
  fetchFile(href).catch(() => undefined); // the network is away, as the page says
}

async function fetchFile(href: string): Promise<void> {
  const response = await signedFetch(href);
  if (!response.ok) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = nameOf(response.headers.get("Content-Disposition") ?? "");
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), FORGET_MS);
}

/** As RFC 6266 writes names that are not plain. */
function nameOf(disposition: string): string {
  const found = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  return found ? decodeURIComponent(found) : "";
}
