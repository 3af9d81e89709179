import { lazy, Suspense } from "react";
import { LandingPage } from "./landing/LandingPage";
import type { Route } from "./routes";
import { EmbedPage } from "./share/EmbedPage";
import { MissingPage } from "./share/MissingPage";
import { SharePage } from "./share/SharePage";
import { Boundary } from "./ui/Boundary";

// Only the share page is in a hurry: what its viewers never see does not come with it.
const SignInPage = lazy(async () => ({ default: (await import("./signin/SignInPage")).SignInPage }));
const SearchPage = lazy(async () => ({ default: (await import("./search/SearchPage")).SearchPage }));
const SecurityPage = lazy(async () => ({ default: (await import("./security/SecurityPage")).SecurityPage }));
const NotificationsPage = lazy(async () => ({
  default: (await import("./notifications/NotificationsPage")).NotificationsPage,
}));
const BillingPage = lazy(async () => ({ default: (await import("./billing/BillingPage")).BillingPage }));
const AccountPage = lazy(async () => ({ default: (await import("./account/AccountPage")).AccountPage }));
const GraphiQLPage = lazy(async () => ({
  default: (await import("./graphiql/GraphiQLPage")).GraphiQLPage,
}));
const AdminPage = lazy(async () => ({ default: (await import("./admin/AdminPage")).AdminPage }));

export function App({ route }: { route: Route }) {
  return (
    <Boundary>
      <Suspense>
        <Routed route={route} />
      </Suspense>
    </Boundary>
  );
}

function Routed({ route }: { route: Route }) {
  switch (route.page) {
    case "share":
      return <SharePage slug={route.slug} />;
    case "embed":
      return <EmbedPage slug={route.slug} />;
    case "account":
      return <AccountPage act={route.act} />;
    case "landing":
      return <LandingPage />;
    case "signin":
      return <SignInPage />;
    case "search":
      return <SearchPage />;
    case "security":
      return <SecurityPage />;
    case "notifications":
      return <NotificationsPage />;
    case "billing":
      return <BillingPage />;
    case "graphiql":
      return <GraphiQLPage />;
    case "admin":
      return <AdminPage />;
    case "missing":
      return <MissingPage />;
  }
}
