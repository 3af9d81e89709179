import { LandingPage } from "./landing/LandingPage";
import type { Route } from "./routes";
import { EmbedPage } from "./share/EmbedPage";
import { MissingPage } from "./share/MissingPage";
import { SharePage } from "./share/SharePage";

export function App({ route }: { route: Route }) {
  switch (route.page) {
    case "share":
      return <SharePage slug={route.slug} />;
    case "embed":
      return <EmbedPage slug={route.slug} />;
    case "landing":
      return <LandingPage />;
    case "missing":
      return <MissingPage />;
  }
}
