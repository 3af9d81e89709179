import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { session } from "../session/session";
import { useSession } from "../session/useSession";

const EXAMPLE = `# Asked by whoever is signed in here.
# For another token, fill in Headers:
# {"Authorization": "Bearer …"}
{
  me {
    username
  }
  recordings(first: 5) {
    edges {
      node {
        title
        status
      }
    }
  }
}
`;

/** Subscriptions go over a WebSocket at the same address; the headers go with its first message. */
const send = createGraphiQLFetcher({
  url: "/graphql",
  subscriptionUrl: new URL("/graphql", location.origin.replace(/^http/, "ws")).href,
});

/** As whoever is signed in, unless the headers name somebody. */
const fetcher: Fetcher = async (asked, options) => {
  const token = await session.token();
  const signed: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  return send(asked, { ...options, headers: { ...signed, ...options?.headers } });
};

/** GraphiQL, from this server alone. What is typed into "Headers" is forgotten with the page. */
export function GraphiQLPage() {
  const { state } = useSession();
  if (state === "unknown") return null;
  return (
    <div style={{ height: "100dvh" }}>
      <GraphiQL
        fetcher={fetcher}
        defaultQuery={EXAMPLE}
        isHeadersEditorEnabled
        shouldPersistHeaders={false}
      />
    </div>
  );
}
