import { defineConfig, type ViteUserConfig } from "vitest/config";

// Forks: a crash of the addon kills one fork and not the run.
const config: ViteUserConfig = defineConfig({
  test: { pool: "forks", include: ["test/**/*.test.ts"] },
});

export default config;
