import type { Reporter } from "vitest/node";

/** Ends a run with one line that a program can read: `vitest: N passed, N failed, N skipped`. */
export const summaryReporter: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      // A file that could not be loaded has errors of its own and no tests.
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        // A test that was pending at the end never ran.
        counts[state === "pending" ? "failed" : state] += 1;
      }
    }
    process.stdout.write(`vitest: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  },
};
