// npx tsx bench/hostile-mix.ts [--short] [--programs N] [--python X] [--seed S]: a long run of ordinary programs with a
// hostile one among every ten. Every program must be accounted for once and in order, and every ordinary one must have
// the record that it has in a calm run. Needs `npm run build`.
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import type { ProgramInput } from "../src/base/schema/program.ts";
import type { Status } from "../src/record/trace/value.ts";
import { takesWholeTime } from "../test/hostile/hostile-program.ts";
import { hostilePrograms, isHeld } from "../test/hostile/programs.ts";
import { randomNumbers } from "../test/hostile/shuffle.ts";
import { warmTracer } from "./engine.ts";
import { smallPrograms } from "./programs.ts";

const ONE_IN = 10;
/** Of the hostile programs those that are stopped by nothing but the clock. */
const WHOLE_TIME_SHARE = 0.01;
const WORKERS = 2;
const LIMITS = { timeoutMs: 1_000, memoryMb: 128, maxOutputBytes: 65_536, maxEvents: 200_000 };
const MOST_SHOWN = 20;
const PROGRESS_EVERY = 5_000;

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    programs: { type: "string" },
    python: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});
const count = Number(values.programs ?? (values.short ? 2_000 : 50_000));
const seed = Number(values.seed);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  console.error("--programs and --seed take whole numbers");
  process.exit(2);
}

const options = { workers: WORKERS, ...LIMITS, ...(values.python && { python: values.python }) };
const { source, programs: ordinary } = smallPrograms(800);
const calm = await calmRecords();
await using tracer = await warmTracer(options);
const { quick, slow } = chosenPrograms();

const statuses = new Map<Status, number>();
const disturbed: string[] = [];
const misplaced: string[] = [];
let seen = 0;
const started = performance.now();
const order = mix();
for await (const { program, bytes, outcome } of tracer.run(mix())) {
  const expected = order.next().value;
  if (program.id !== expected?.id) misplaced.push(`${program.id} came for ${expected?.id ?? "nothing"}`);
  statuses.set(outcome.status, (statuses.get(outcome.status) ?? 0) + 1);
  const usual = calm.get(ordinaryId(program.id));
  if (usual !== undefined && usual !== digest(bytes))
    disturbed.push(`${program.id}: ${outcome.status} ${outcome.detail ?? ""}`);
  seen += 1;
  if (seen % PROGRESS_EVERY === 0) console.error(`${seen} of ${count}`);
}
const seconds = (performance.now() - started) / 1_000;

console.log(
  `${seen} programs, one in ${ONE_IN} hostile, seed ${seed}, Python ${tracer.python.version}, ${WORKERS} workers`,
);
console.log(`ordinary ones: ${source}; hostile ones: ${quick.length + slow.length} different`);
console.log(`${seconds.toFixed(1)} s, ${(seen / seconds).toFixed(0)} programs a second`);
console.log([...statuses].map(([status, n]) => `${status} ${n}`).join(", "));
if (seen !== count) misplaced.push(`${seen} records for ${count} programs`);
tell("not where they belong", misplaced);
tell("ordinary programs with another record than in a calm run", disturbed);
process.exitCode = misplaced.length + disturbed.length > 0 ? 1 : 0;

function tell(what: string, found: readonly string[]): void {
  console.log(`${what}: ${found.length}`);
  for (const each of found.slice(0, MOST_SHOWN)) console.log(`  ${each}`);
}

/** The same sequence every time that it is asked for. */
function* mix(): Generator<ProgramInput, void, undefined> {
  const random = randomNumbers(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  for (let i = 0; i < count; i++) {
    if (i % ONE_IN !== ONE_IN - 1) {
      const program = ordinary[i % ordinary.length] as ProgramInput;
      yield { ...program, id: `${i}/${program.id}` };
      continue;
    }
    const { id, code, entry, stdin } = pick(random() < WHOLE_TIME_SHARE ? slow : quick);
    yield { id: `${i}/hostile: ${id}`, code, entry, stdin };
  }
}

function ordinaryId(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}

function chosenPrograms(): { quick: ReturnType<typeof hostilePrograms>; slow: ReturnType<typeof hostilePrograms> } {
  const held = hostilePrograms().filter((program) => isHeld(program, "shared", tracer.sandbox));
  const slow = held.filter(takesWholeTime);
  return { quick: held.filter((program) => !takesWholeTime(program)), slow };
}

async function calmRecords(): Promise<Map<string, string>> {
  await using alone = await warmTracer(options);
  const records = new Map<string, string>();
  for await (const { program, bytes } of alone.run(ordinary)) records.set(program.id, digest(bytes));
  return records;
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}
