import { useEffect } from "react";
import { messages } from "../messages";
import { Message } from "../ui/Message";
import { Page } from "../ui/Page";

const words = messages.nowhere;

/** An address of this server where there is nothing, and never was a recording. */
export function MissingPage() {
  useEffect(() => {
    document.title = messages.pageTitle(words.title);
  }, []);
  return (
    <Page narrow>
      <Message title={words.title} text={words.text}>
        <a className="button" href="/">
          {words.home}
        </a>
      </Message>
    </Page>
  );
}
