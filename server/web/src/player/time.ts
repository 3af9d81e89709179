/** Times as people write them: `1:02:03` on the page, `1h2m3s` or plain seconds in a link. */

export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Seconds of `?t=`: `80`, `80s`, `1m20s`, `1h2m3s` or `1:20`; null for anything else. */
export function parseTime(text: string | null): number | null {
  if (!text) return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^\d+(:\d{1,2}){1,2}$/.test(text)) {
    return text.split(":").reduce((total, part) => total * 60 + Number(part), 0);
  }
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/i.exec(text);
  if (!match) return null;
  // A group that took no part is undefined, whatever the types say.
  const [h = 0, m = 0, s = 0] = match.slice(1).map((part: string | undefined) => Number(part ?? 0));
  return h * 3600 + m * 60 + s;
}

/** The shortest form that `parseTime` reads back: `1m20s`. */
export function linkTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 3600), "h"],
    [Math.floor(whole / 60) % 60, "m"],
    [whole % 60, "s"],
  ];
  const text = parts.map(([n, unit]) => (n > 0 ? `${n}${unit}` : "")).join("");
  return text || "0s";
}

/** The share link, at a moment if one is given. */
export function linkAt(shareUrl: string, seconds: number | null): string {
  const url = new URL(shareUrl);
  if (seconds === null || seconds < 1) url.searchParams.delete("t");
  else url.searchParams.set("t", linkTime(seconds));
  return url.href;
}
