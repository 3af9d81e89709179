import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const FILES = ["swagger-ui.css", "swagger-ui-bundle.js"];

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Heddle API</title>
    <link rel="stylesheet" href="/swagger/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/swagger/swagger-ui-bundle.js"></script>
    <script src="/swagger/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
`;

/**
 * Puts the API reference into `dist/swagger/`, served by the same server: no CDN, and no inline script, so that the
 * page lives under the same content security policy as the others.
 */
export function swagger(): Plugin {
  return {
    name: "heddle-swagger",
    apply: "build",
    writeBundle(options) {
      const from = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
      const to = join(options.dir ?? "dist", "swagger");
      mkdirSync(to, { recursive: true });
      for (const file of FILES) copyFileSync(join(from, file), join(to, file));
      writeFileSync(join(to, "index.html"), PAGE);
      writeFileSync(join(to, "start.js"), START);
    },
  };
}
