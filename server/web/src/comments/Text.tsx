import { partsOf } from "./text";
import type { Mention } from "./wire";

/** What somebody wrote: text, whatever it looks like. */
export function Text({ body, mentions }: { body: string; mentions: readonly Mention[] }) {
  return partsOf(body, mentions).map(({ text, kind }, index) => {
    if (kind === "mention") {
      return (
        <strong key={index} className="mention">
          {text}
        </strong>
      );
    }
    if (kind === "link") {
      return (
        <a key={index} href={text} target="_blank" rel="noreferrer nofollow ugc">
          {text}
        </a>
      );
    }
    return text;
  });
}
