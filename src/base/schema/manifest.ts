import { z } from "zod";
import { AS_PUBLISHED, type RenderSettings, renderSettingsSchema } from "./render-settings.ts";
import { type Sandbox, sandboxSchema } from "./sandbox.ts";
import { noTiers, type TierCounts, tierCountsSchema } from "./tiers.ts";

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What became of the input so far. */
export interface RunCounts {
  /** Programs that were run (or, by `render`, read). */
  programs: number;
  /** Rows written. */
  rendered: number;
  /** Rows and programs that became none, by reason. */
  rejected: Record<string, number>;
  /** Programs by how their run ended. */
  statuses: Record<string, number>;
  /** Programs by how they were kept from each other; none of them for `inline` and `render`. */
  tiers: TierCounts;
}

export const runCountsSchema: z.ZodType<RunCounts> = z.strictObject({
  programs: count,
  rendered: count,
  rejected: z.record(z.string(), count),
  statuses: z.record(z.string(), count),
  tiers: tierCountsSchema.default(noTiers),
});

/** A file that was read or written; the hash is null when it was not read to its end (`--limit`). */
export interface ManifestFile {
  path: string;
  bytes: number;
  sha256: string | null;
}

/** What a finished run says about itself, beside its output. */
export interface Manifest {
  manifest: 1;
  command: "trace" | "render" | "inspect" | "questions" | "score" | "evaluate";
  /** Versions of what made the output; `python` is null when no program was run. */
  versions: { tracemill: string; node: string; python: string | null };
  format: string;
  source: string | null;
  limit: number | null;
  shard: { index: number; count: number } | null;
  /** How programs were run, defaults included; of `render`, what the records say. */
  options: Record<string, unknown>;
  /** How the format was rendered; null of verbs that render nothing. */
  render: RenderSettings | null;
  /** What kept programs in when the run finished; null when nothing did (`inline`) or no program was run. */
  sandbox: Sandbox | null;
  /** Of Python's `random` and of its string hashes; null of `inspect`, which runs nothing. */
  seeds: { random: number; hash: number } | null;
  counts: RunCounts;
  inputs: ManifestFile[];
  outputs: ManifestFile[];
  /** Equal for runs that must give the same output. */
  fingerprint: string;
}

const file = z.object({ path: z.string(), bytes: count, sha256: sha256.nullable() });

export const manifestSchema: z.ZodType<Manifest> = z.object({
  manifest: z.literal(1),
  command: z.enum(["trace", "render", "inspect", "questions", "score", "evaluate"]),
  versions: z.object({ tracemill: z.string(), node: z.string(), python: z.string().nullable() }),
  format: z.string(),
  source: z.string().nullable(),
  limit: count.nullable(),
  shard: z.object({ index: count, count }).nullable(),
  options: z.record(z.string(), z.unknown()),
  render: renderSettingsSchema.nullable().default(AS_PUBLISHED),
  sandbox: sandboxSchema.nullable(),
  seeds: z.object({ random: count, hash: count }).nullable(),
  counts: runCountsSchema,
  inputs: z.array(file),
  outputs: z.array(file),
  fingerprint: sha256,
});
