import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const FILES = ["swagger-ui.css", "swagger-ui-bundle.js"];

/** Puts the API reference's files into `dist/swagger/`, for `/docs` of the same server: no CDN. */
export function swagger(): Plugin {
  return {
    name: "heddle-swagger",
    apply: "build",
    writeBundle(options) {
      const from = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
      const to = join(options.dir ?? "dist", "swagger");
      mkdirSync(to, { recursive: true });
      for (const file of FILES) copyFileSync(join(from, file), join(to, file));
    },
  };
}
