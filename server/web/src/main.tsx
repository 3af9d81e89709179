import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { language } from "./messages";
import { routeOf } from "./routes";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/page.css";
import "./styles/account.css";
import "./styles/player.css";
import "./styles/embed.css";
import "./styles/menu.css";
import "./styles/panel.css";

const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root");
document.documentElement.lang = language;
const route = routeOf(location.pathname);
// The player's engine comes while the server is asked what there is to play.
if ("slug" in route) void import("./player/hls");
createRoot(root).render(
  <StrictMode>
    <App route={route} />
  </StrictMode>,
);
