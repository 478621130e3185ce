// Arrow files with changed bytes. Their decoder can fill its heap or never end; the run must not notice more than damage.
import { Dictionary, Field, Int32, Int64, List, Struct, Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { expect, test } from "vitest";
import { arrowLines } from "../../src/base/io/arrow/lines.ts";
import { CorruptFileError } from "../../src/base/io/corrupt-file.ts";
import { collect } from "../helpers/collect.ts";
import { FULL } from "../helpers/sample-programs.ts";
import { mutant } from "../unit/record/mutation.ts";
import { choices } from "./seed.ts";

const MUTANTS = FULL ? 400 : 60;
/** Decoded at once. */
const LANES = 2;
const PATIENCE = 600_000;
/** Little of each: reaching them is what is tested. */
const LIMITS = { heapMb: 64, silenceMs: 3_000 };

const rows = (count: number): Uint8Array => {
  const numbers = Array.from({ length: count }, (_, i) => i);
  const point = new Struct([new Field("x", new Int64(), true)]);
  const table = new Table({
    id: vectorFromArray(numbers.map(String), new Utf8()),
    kind: vectorFromArray(
      numbers.map((i) => `kind ${i % 2}`),
      new Dictionary(new Utf8(), new Int32()),
    ),
    lists: vectorFromArray(
      numbers.map((i) => [i, null]),
      new List(new Field("item", new Int32(), true)),
    ),
    points: vectorFromArray(
      numbers.map((i) => (i % 3 === 0 ? null : { x: BigInt(i) })),
      point,
    ),
  });
  return tableToIPC(table.concat(table), "stream");
};

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The rows before the damage, all JSON. */
async function decode(bytes: Uint8Array, limits = LIMITS): Promise<{ rows: unknown[]; damage: string | null }> {
  const chunks: Uint8Array[] = [];
  let damage: string | null = null;
  try {
    for await (const lines of arrowLines(only(bytes), limits)) chunks.push(lines);
  } catch (error) {
    expect(error).toBeInstanceOf(CorruptFileError);
    damage = (error as Error).message;
  }
  const lines = Buffer.concat(chunks).toString("latin1").split("\n").slice(0, -1);
  return { rows: lines.filter((line) => line !== "\xff").map((line) => JSON.parse(line)), damage };
}

test("changed bytes give rows, or damage", { timeout: PATIENCE }, async () => {
  const below = choices("damaged arrow");
  const sound = rows(5);
  expect(await decode(sound)).toMatchObject({ rows: { length: 10 }, damage: null });
  const seed = below(2 ** 30);
  const numbers = Array.from({ length: MUTANTS }, (_, i) => i);
  let damaged = 0;
  const lane = async (): Promise<void> => {
    for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
      const { damage } = await decode(mutant(sound, seed, number));
      expect(damage, `mutant ${number}`).not.toBe("");
      if (damage !== null) damaged++;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(damaged).toBeGreaterThan(MUTANTS / 4);
});

/** Where the flatbuffer of the first batch says how many columns it has: of each, its rows and its nulls follow. */
function columnCount(bytes: Buffer): number {
  const node = Buffer.from(BigInt64Array.of(5n, 0n).buffer);
  for (let at = bytes.indexOf(node); at >= 0; at = bytes.indexOf(node, at + 1)) {
    if (bytes.readUInt32LE(at - 4) > 0 && bytes.readUInt32LE(at - 4) < 10) return at - 4;
  }
  throw new Error("the batch was not found");
}

test("a batch that claims a thousand million columns fills no heap but the decoder's", {
  timeout: 60_000,
}, async () => {
  const bytes = Buffer.from(rows(5));
  bytes.writeUInt32LE(1_000_000_000, columnCount(bytes));
  // Filling a heap takes long on a machine under load.
  const patient = { ...LIMITS, silenceMs: 30_000 };
  expect((await decode(bytes, patient)).damage).toContain("its decoding took more than 64 MB of memory");
});

test("a decoder that gives nothing is ended", { timeout: 60_000 }, async () => {
  const never = async function* (): AsyncGenerator<Uint8Array> {
    yield rows(5).subarray(0, 16);
    await new Promise(() => {});
  };
  await expect(collect(arrowLines(never(), { ...LIMITS, silenceMs: 1_000 }))).rejects.toThrow("nothing for 1 seconds");
});
