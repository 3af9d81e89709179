import { useEffect } from "react";
import { messages } from "../messages";
import { Page } from "../ui/Page";
import { Missing } from "./ShareGate";

export function MissingPage() {
  useEffect(() => {
    document.title = messages.pageTitle(messages.missing.title);
  }, []);
  return (
    <Page narrow>
      <Missing />
    </Page>
  );
}
