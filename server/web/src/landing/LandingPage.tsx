import { useEffect } from "react";
import { messages } from "../messages";
import { Page } from "../ui/Page";

const words = messages.landing;

/** What someone sees who opens the server without a link. Says nothing about who or what is on it. */
export function LandingPage() {
  useEffect(() => {
    document.title = messages.brand;
  }, []);
  return (
    <Page narrow>
      <div className="landing">
        <h1>{words.title}</h1>
        <p className="lead">{words.text}</p>
        <section>
          <h2>{words.watchTitle}</h2>
          <p>{words.watch}</p>
          <pre>
            <code>{location.origin}/s/…</code>
          </pre>
        </section>
        <section>
          <h2>{words.recordTitle}</h2>
          <p>{words.record}</p>
          <pre>
            <code>
              heddle login --server {location.origin}
              {"\n"}heddle record
            </code>
          </pre>
        </section>
        <p>
          <a href="/docs">{words.docs}</a>
        </p>
      </div>
    </Page>
  );
}
