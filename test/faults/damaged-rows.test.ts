// Files of every kind, made at random and then damaged at a random byte or cut: no row is lost without a word, and no
// damage ends the reading of what is sound. TRACEMILL_DAMAGED=2000 makes so many files.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { constants, gunzipSync, gzipSync } from "node:zlib";
import { Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { parquetWriteFile } from "hyparquet-writer";
import { expect, test } from "vitest";
import { zstdCodec } from "../../src/base/addon/codec.ts";
import { zstdChunks } from "../../src/base/addon/zstd-chunks.ts";
import { readWhole } from "../../src/jobs/counts.ts";
import { type ReadItem, readPrograms } from "../../src/programs/sources/read.ts";
import { collect } from "../helpers/collect.ts";
import { TestFolder } from "../helpers/test-folder.ts";
import { type Below, choices, SEED } from "./seed.ts";

const FILES = Number(process.env["TRACEMILL_DAMAGED"] ?? 90);

const folder = new TestFolder("file");

interface Row {
  readonly id: string;
  readonly code: string;
}

/** One kind of file: how it is written, and which rows must be had of it whatever comes behind `sound` bytes. */
interface Kind {
  readonly name: string;
  write(path: string, rows: readonly Row[], below: Below): void;
  /** At least so many rows from the start; null: all of them must be counted. */
  rowsBefore(sound: Buffer, whole: Buffer): Promise<number> | number;
  /** How many rows more or fewer than were written there may be when the file can be read to its end. */
  readonly slack: number;
}

const lines = (rows: readonly Row[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const array = (rows: readonly Row[]): string => JSON.stringify(rows, null, rows.length % 2 === 0 ? 1 : undefined);
const csv = (rows: readonly Row[]): string =>
  `id,code\n${rows.map(({ id, code }) => `${id},"${code.replaceAll('"', '""')}"\n`).join("")}`;

/** Of lines: those that end before. */
const wholeLines = (text: Buffer): number => text.toString("latin1").split("\n").length - 1;
/** Of an array of objects without brackets in strings: those that a comma follows. */
const wholeElements = (text: Buffer): number => (text.toString("latin1").match(/\}\s*,/g) ?? []).length;
const gunzipped = (bytes: Buffer): Buffer => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });

async function unzstd(bytes: Buffer): Promise<Buffer> {
  async function* only(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of zstdChunks(only())) pieces.push(piece);
  } catch {
    // What comes before is what is asked for.
  }
  return Buffer.concat(pieces);
}

function text(name: string, make: (rows: readonly Row[]) => string, count: (text: Buffer) => number): Kind {
  return {
    name,
    write: (path, rows) => writeFileSync(path, make(rows)),
    rowsBefore: (sound) => count(sound),
    slack: 1,
  };
}

function packed(
  inner: Kind,
  ending: string,
  make: (rows: readonly Row[]) => string,
  pack: (bytes: Buffer) => Uint8Array,
  unpack: (bytes: Buffer) => Buffer | Promise<Buffer>,
): Kind {
  return {
    name: `${inner.name}.${ending}`,
    write: (path, rows, below) => {
      const bytes = Buffer.from(make(rows));
      const at = below(bytes.length);
      // One member, or two that part a row.
      const parts = below(2) === 0 ? [bytes] : [bytes.subarray(0, at), bytes.subarray(at)];
      writeFileSync(path, Buffer.concat(parts.map(pack)));
    },
    rowsBefore: async (sound, whole) => inner.rowsBefore(await unpack(sound), whole),
    // Its checksum tells what is changed; what is not checked is the header's.
    slack: 0,
  };
}

const jsonl = text("jsonl", lines, wholeLines);
const json = text("json", array, wholeElements);
const table = text("csv", csv, (sound) => (sound.toString("latin1").match(/"\n/g) ?? []).length);
const codec = zstdCodec(3);

const parquet: Kind = {
  name: "parquet",
  write: (filename, rows, below) => {
    const columnData = (["id", "code"] as const).map((name) => ({ name, data: rows.map((row) => row[name]) }));
    parquetWriteFile({ filename, columnData, rowGroupSize: 1 + below(200) });
  },
  rowsBefore: () => 0,
  slack: 0,
};

const arrow: Kind = {
  name: "arrow",
  write: (path, rows, below) => {
    const part = (some: readonly Row[]): Table =>
      new Table({
        id: vectorFromArray(
          some.map(({ id }) => id),
          new Utf8(),
        ),
        code: vectorFromArray(
          some.map(({ code }) => code),
          new Utf8(),
        ),
      });
    const at = below(rows.length);
    const batches = at === 0 ? part(rows) : part(rows.slice(0, at)).concat(part(rows.slice(at)));
    writeFileSync(path, tableToIPC(batches, "stream"));
  },
  rowsBefore: () => 0,
  slack: 0,
};

const KINDS: readonly Kind[] = [
  jsonl,
  json,
  table,
  packed(jsonl, "gz", lines, gzipSync, gunzipped),
  packed(json, "gz", array, gzipSync, gunzipped),
  packed(jsonl, "zst", lines, (bytes) => codec.compress(bytes), unzstd),
  packed(table, "zst", csv, (bytes) => codec.compress(bytes), unzstd),
  parquet,
  arrow,
];

function randomRows(below: Below, prefix: string): Row[] {
  // Some are large, so that files have several blocks and chunks.
  const size = below(4) === 0 ? 3_000 : 60;
  return Array.from({ length: 2 + below(300) }, (_, i) => {
    const code = Array.from({ length: 1 + below(6) }, () =>
      `x${below(1e9)} = ${below(1e9)}\n`.repeat(1 + below(3)),
    ).join("");
    return { id: `${prefix}${i}`, code: below(5) === 0 ? code.repeat(1 + below(size / 30)) : code };
  });
}

interface Found {
  readonly programs: Map<string, string>;
  readonly rejected: number;
  readonly whole: boolean;
}

function found(items: readonly ReadItem[]): Found {
  const programs = new Map<string, string>();
  const reasons: Record<string, number> = {};
  let rejected = 0;
  for (const item of items) {
    if ("program" in item) programs.set(item.program.id, item.program.code);
    else {
      rejected++;
      reasons[item.rejected.reason] = (reasons[item.rejected.reason] ?? 0) + 1;
    }
  }
  return { programs, rejected, whole: readWhole(reasons) };
}

/** A byte changed, or the end cut off; `at`: the first byte that is not as it was. */
function damage(bytes: Buffer, below: Below): { bytes: Buffer; at: number; cut: boolean } {
  const at = below(bytes.length);
  if (below(3) === 0) return { bytes: bytes.subarray(0, at), at, cut: true };
  const changed = Buffer.from(bytes);
  changed[at] = ((changed[at] as number) + 1 + below(255)) & 0xff;
  return { bytes: changed, at, cut: false };
}

test("rows and rejected rows are those of the input", { timeout: 3_600_000 }, async () => {
  const below = choices("damaged rows");
  for (let number = 0; number < FILES; number++) {
    const kind = KINDS[number % KINDS.length] as Kind;
    const inFolder = below(5) === 0;
    const name = `${number}${inFolder ? "/a" : ""}.${kind.name}`;
    const path = folder.at(name);
    mkdirSync(dirname(path), { recursive: true });
    const rows = randomRows(below, "p");
    kind.write(path, rows, below);
    const input = inFolder ? dirname(path) : path;
    const sound = found(await collect(readPrograms([input])));
    const where = `file ${number}, ${kind.name}, seed ${SEED}`;
    expect([...sound.programs], where).toEqual(rows.map(({ id, code }) => [id, code]));
    expect(sound, where).toMatchObject({ rejected: 0, whole: true });

    const whole = readFileSync(path);
    const { bytes, at, cut } = damage(whole, below);
    writeFileSync(path, bytes);
    // Neighbours of a damaged file are read.
    const others = inFolder ? randomRows(below, "q") : [];
    if (inFolder) writeFileSync(folder.at(`${number}/b.jsonl`), lines(others));
    const items = await collect(readPrograms([input]));
    const { programs, rejected, whole: complete } = found(items);
    const what = `${where}, ${cut ? "cut" : "changed"} at ${at} of ${whole.length}`;
    for (const { id, code } of others) expect(programs.get(id), what).toBe(code);
    const before = await kind.rowsBefore(whole.subarray(0, at), whole);
    for (const { id, code } of rows.slice(0, before)) expect(programs.get(id), `${what}: ${id}`).toBe(code);
    const counted = programs.size + rejected - others.length;
    if (complete) {
      // Cut between two lines, a text looks whole.
      const expected = cut && kind.slack > 0 ? before : rows.length;
      expect(Math.abs(counted - expected), `${what}: ${counted} of ${expected}`).toBeLessThanOrEqual(kind.slack);
    } else {
      expect(rejected, what).toBeGreaterThan(0);
      // What a packed file gives behind a changed byte, until its checksum is met, may be any text; a table that lost a
      // quote has the inside of its cells for rows.
      const garbled = /\.(?:gz|zst)$|csv/.test(kind.name) && !cut;
      if (!garbled) expect(counted, what).toBeLessThanOrEqual(rows.length + 2);
    }
  }
});
