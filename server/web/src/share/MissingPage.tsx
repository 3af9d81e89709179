import { Page } from "../ui/Page";
import { Missing } from "./ShareGate";

export function MissingPage() {
  return (
    <Page narrow>
      <Missing />
    </Page>
  );
}
