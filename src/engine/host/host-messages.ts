import type { TraceOptions } from "../../base/schema/options.ts";
import type { Program } from "../../base/schema/program.ts";
import type { Sandbox } from "../../base/schema/sandbox.ts";
import { TIERS, type Tier } from "../../base/schema/tiers.ts";
import { decodeSandbox } from "./sandbox.ts";
import { PayloadReader, PayloadWriter, protocolError } from "./wire.ts";

export const PROTOCOL_VERSION = 7;

const ITEM = { entry: 1, stdin: 2, argv: 4 } as const;
const ISOLATION = { shared: 0, fork: 1 } as const;
const SCOPE = { program: 0, entry: 1, all: 2 } as const;
const OBJECTS = { fields: 0, repr: 1 } as const;
const THREADS = { all: 0, main: 1 } as const;
const LOOPS = { all: 0, skip: 1 } as const;
const MODE = { trace: 0, untraced: 1, "empty-hook": 2 } as const;
const BYTES_PER_MB = 1024 * 1024;

/** The files that a tracer process is made of; absolute paths. */
export interface HostFiles {
  host: string;
  core: string;
  libpython: string;
  /** The interpreter whose installation is used. */
  executable: string;
  /** What programs may open for reading, with all that lies below; the rest is closed to them. */
  readable: readonly string[];
}

export function encodeConfiguration(options: TraceOptions, files: HostFiles): Uint8Array {
  const out = new PayloadWriter();
  out.varint(PROTOCOL_VERSION);
  out.varint(options.isolation === "fork" ? ISOLATION.fork : ISOLATION.shared);
  out.varint(options.timeoutMs);
  out.varint(options.maxEvents);
  out.varint(options.maxOutputBytes);
  out.varint(options.memoryMb * BYTES_PER_MB);
  out.varint(options.maxValueChars);
  out.varint(options.seed);
  out.varint(SCOPE[options.scope]);
  out.varint(OBJECTS[options.objects]);
  out.varint(MODE[options.mode]);
  out.varint(options.timings ? 1 : 0);
  out.varint(options.showModuleValues ? 1 : 0);
  out.varint(THREADS[options.threads]);
  out.varint(LOOPS[options.loops]);
  out.varint(options.loopHead);
  out.varint(options.loopTail);
  out.varint(options.maxRecordBytes);
  out.varint(options.recordMemoryMb * BYTES_PER_MB);
  out.varint(options.recordTimeMs);
  out.text(files.executable);
  out.text(files.core);
  out.text(files.libpython);
  out.varint(options.preload.length);
  for (const module of options.preload) out.text(module);
  out.varint(files.readable.length);
  for (const path of files.readable) out.text(path);
  out.varint(options.scratchMb * BYTES_PER_MB);
  out.varint(options.requireSandbox ? 1 : 0);
  return out.finish();
}

/** Programs with the same source share it, so that it is sent and compiled once. */
export function encodeBatch(sequence: number, programs: readonly Program[]): Uint8Array {
  const sources = new Map<string, number>();
  for (const { code } of programs) if (!sources.has(code)) sources.set(code, sources.size);
  const out = new PayloadWriter(64 * 1024);
  out.varint(sequence);
  out.varint(sources.size);
  for (const source of sources.keys()) out.text(source);
  out.varint(programs.length);
  for (const program of programs) encodeItem(out, program, sources.get(program.code) as number);
  return out.finish();
}

function encodeItem(out: PayloadWriter, { entry, stdin, argv }: Program, source: number): void {
  out.varint(source);
  out.byte(
    (entry === null ? 0 : ITEM.entry) | (stdin === undefined ? 0 : ITEM.stdin) | (argv === undefined ? 0 : ITEM.argv),
  );
  if (entry !== null) out.text(entry);
  if (stdin !== undefined) out.text(stdin);
  if (argv === undefined) return;
  out.varint(argv.length);
  for (const argument of argv) out.text(argument);
}

export interface RecordsPayload {
  sequence: number;
  /** Index in the batch of the first record. */
  first: number;
  /** They share the payload's memory. */
  records: Uint8Array[];
  /** Per record: how its program was kept from the others; null: not at all. */
  tiers: (Tier | null)[];
}

export function decodeRecords(payload: Uint8Array): RecordsPayload {
  const input = new PayloadReader(payload);
  const sequence = input.varint();
  const first = input.varint();
  const count = input.varint();
  if (count > payload.length) throw protocolError(`${count} records are announced in ${payload.length} bytes`);
  const records: Uint8Array[] = [];
  const tiers: (Tier | null)[] = [];
  for (let i = 0; i < count; i++) {
    const tier = input.varint();
    if (tier > TIERS.length) throw protocolError(`tier ${tier} is unknown`);
    tiers.push(TIERS[tier] ?? null);
    records.push(input.bytes());
  }
  input.expectEnd();
  return { sequence, first, records, tiers };
}

export interface ReadyPayload {
  /** "3.12.1" */
  pythonVersion: string;
  pid: number;
  sandbox: Sandbox;
}

export function decodeReady(payload: Uint8Array): ReadyPayload {
  const input = new PayloadReader(payload);
  const version = input.varint();
  if (version !== PROTOCOL_VERSION) {
    throw protocolError(`it speaks version ${version}, not ${PROTOCOL_VERSION}: npm run build:native`);
  }
  const pythonVersion = Buffer.from(input.bytes()).toString();
  const pid = input.varint();
  const sandbox = decodeSandbox(input);
  input.expectEnd();
  return { pythonVersion, pid, sandbox };
}

export function decodeFailed(payload: Uint8Array): string {
  const input = new PayloadReader(payload);
  const message = Buffer.from(input.bytes()).toString();
  input.expectEnd();
  return message;
}
