import { configDefaults, defineConfig, type ViteUserConfig } from "vitest/config";
import { summaryReporter } from "./test/helpers/summary-reporter.ts";

/** Nothing is measured by it: a machine under load may take long. */
const TEST_TIMEOUT_MS = 60_000;
/** Hundreds of programs with time limits of their own: what runs beside them would make some of them end by those. */
const ALONE = ["test/hostile/**/*.test.ts"];

// Forks: a crash of the addon kills one fork and not the run.
const config: ViteUserConfig = defineConfig({
  test: {
    pool: "forks",
    reporters: ["default", summaryReporter],
    testTimeout: TEST_TIMEOUT_MS,
    projects: [
      {
        extends: true,
        test: {
          name: "together",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...ALONE],
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: "alone", include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});

export default config;
