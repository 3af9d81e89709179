import { useState } from "react";
import { longDate, messages } from "../messages";
import { clock, linkAt } from "../player/time";
import { Mark } from "../ui/Mark";
import type { Hit, Part, Place } from "./api";

const words = messages.search;

/** A recording that was found, with its best places. One that is not shared has no page to lead to. */
export function HitCard({ hit }: { hit: Hit }) {
  const link = hit.shared ? hit.shareUrl : null;
  const places = hit.moments.filter(({ kind }) => kind !== "title");
  const title = hit.title ? <Text parts={hit.titleParts} /> : messages.untitled;
  return (
    <article className="hit">
      <Poster hit={hit} link={link} />
      <div className="hit-text">
        <h2>{link ? <a href={link}>{title}</a> : title}</h2>
        <p className="hit-facts">
          {hit.createdAt && <time dateTime={hit.createdAt}>{longDate(hit.createdAt)}</time>}
          {hit.status !== "completed" && <span className="badge">{words.status(hit.status)}</span>}
          {!link && <span className="badge">{words.notShared}</span>}
        </p>
        {places.length > 0 && (
          <ul className="hit-places">
            {places.map((place, at) => (
              <li key={at}>
                <PlaceLine place={place} link={link} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </article>
  );
}

/** The title beside it leads to the same place: no second stop for the keyboard, nothing read out twice. */
function Poster({ hit, link }: { hit: Hit; link: string | null }) {
  const [broken, setBroken] = useState(false);
  const face = (
    <>
      {hit.posterUrl && !broken ? (
        <img src={hit.posterUrl} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />
      ) : (
        <Mark />
      )}
      {hit.duration !== null && <span className="hit-length">{clock(hit.duration)}</span>}
    </>
  );
  if (!link) return <div className="hit-poster">{face}</div>;
  return (
    <a className="hit-poster" href={link} tabIndex={-1} aria-hidden="true">
      {face}
    </a>
  );
}

function PlaceLine({ place, link }: { place: Place; link: string | null }) {
  const kind = words.kinds[place.kind];
  const text = (
    <>
      {place.start !== null && <span className="hit-time">{clock(place.start)}</span>}
      <span>
        {kind && <span className="hit-kind">{kind} </span>}
        <Text parts={place.parts} />
      </span>
    </>
  );
  if (place.start === null || !link) return <span className="hit-place">{text}</span>;
  return (
    <a className="hit-place" href={linkAt(link, place.start)}>
      {text}
    </a>
  );
}

function Text({ parts }: { parts: readonly Part[] }) {
  return parts.map(({ text, match }, at) => (match ? <mark key={at}>{text}</mark> : text));
}
