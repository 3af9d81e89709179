import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { swagger } from "./plugins/swagger.ts";

export default defineConfig({
  plugins: [react(), swagger()],
  build: {
    target: ["chrome111", "firefox115", "safari16.4"],
    // The content security policy knows no data: styles or fonts, so small files stay files.
    assetsInlineLimit: 0,
    // Lists every bundled library with its licence beside the bundle that carries it.
    license: { fileName: "third-party-licenses.md" },
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": process.env.HEDDLE_SERVER ?? "http://127.0.0.1:8080" } },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/patience.ts"],
    testTimeout: 30_000,
    isolate: false,
    restoreMocks: true,
  },
});
