import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { speak } from "./messages";
import { language } from "./messages/choice";
import { speakControls } from "./player/elements";
import { routeOf } from "./routes";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/page.css";
import "./styles/account.css";
import "./styles/signin.css";
import "./styles/player.css";
import "./styles/embed.css";
import "./styles/menu.css";
import "./styles/panel.css";

/** Add a language: write its catalogue, name it here and in `messages/choice.ts`. English comes with the pages. */
const CATALOGUES = { de: async () => (await import("./messages/de")).de };

function show(): void {
  const root = document.getElementById("root");
  if (!root) throw new Error("The page has no #root");
  createRoot(root).render(
    <StrictMode>
      <App route={route} />
    </StrictMode>,
  );
}

/** A catalogue that does not arrive leaves the page English. */
async function showIn(other: keyof typeof CATALOGUES): Promise<void> {
  const catalogue = await CATALOGUES[other]().catch(() => null);
  if (catalogue) {
    speak(catalogue);
    speakControls();
  }
  document.documentElement.lang = catalogue ? other : "en";
  show();
}

const route = routeOf(location.pathname);
// The player's engine comes while the server is asked what there is to play.
if ("slug" in route) void import("./player/hls");
document.documentElement.lang = language;
if (language === "en") show();
else void showIn(language);
