import { defineConfig, type ViteUserConfig } from "vitest/config";
import { summaryReporter } from "./test/helpers/summary-reporter.ts";

// Forks: a crash of the addon kills one fork and not the run.
const config: ViteUserConfig = defineConfig({
  test: { pool: "forks", include: ["test/**/*.test.ts"], reporters: ["default", summaryReporter] },
});

export default config;
