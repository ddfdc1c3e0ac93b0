/// <reference types="vitest/config" />
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `npm run dev` serves the sources beside a running door (`make run`); the door is told its own origin, or it would
// take every command for another site's.
const door = "http://127.0.0.1:8000";
const beside = { target: door, changeOrigin: true, headers: { origin: door } };

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: {
    target: "es2022",
    outDir: "dist",
    manifest: true,
    // A file of the policy `script-src 'self'`: nothing is written into the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": beside, "/auth": beside, "/rdv": beside } },
  test: { environment: "node", css: true, include: ["src/**/*.test.{ts,tsx}"], restoreMocks: true },
});
