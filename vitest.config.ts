import { defineConfig, type ViteUserConfig } from "vitest/config";
import { summaryReporter } from "./test/helpers/summary-reporter.ts";

/** Nothing is measured by it: a machine under load may take long. */
const TEST_TIMEOUT_MS = 60_000;

// Forks: a crash of the addon kills one fork and not the run.
const config: ViteUserConfig = defineConfig({
  test: {
    pool: "forks",
    include: ["test/**/*.test.ts"],
    reporters: ["default", summaryReporter],
    testTimeout: TEST_TIMEOUT_MS,
  },
});

export default config;
