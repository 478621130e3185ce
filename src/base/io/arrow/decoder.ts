// A process of its own (see lines.ts): an Arrow stream comes in, a line of JSON for every row goes out.

import { once } from "node:events";
import { CompressionType, compressionRegistry, RecordBatchReader } from "apache-arrow";
import { CorruptFileError } from "../corrupt-file.ts";
import { NotUtf8Error, rowTexts, type TextAt } from "./cells.ts";
import { lz4Frame, zstdFrame } from "./codecs.ts";
import { arrowMessages } from "./messages.ts";

/** Written at once. */
const CHUNK_CHARS = 1 << 16;
/** What a row that is no UTF-8 is written as: whoever reads the lines finds no UTF-8 either. */
const NOT_UTF8 = Buffer.from([0xff, 0x0a]);

async function decode(): Promise<void> {
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: lz4Frame });
  compressionRegistry.set(CompressionType.ZSTD, { decode: zstdFrame });
  const reader = await RecordBatchReader.from(arrowMessages(process.stdin));
  for await (const batch of reader) {
    // Without rows, a batch may be without columns too.
    if (batch.numRows === 0) continue;
    const rows = rowTexts(batch);
    let lines = "";
    for (let index = 0; index < batch.numRows; index++) {
      let line: string | null;
      try {
        line = lineOf(rows, index);
      } catch (error) {
        // The rows before the damage.
        await write(lines);
        throw error;
      }
      if (line === null) {
        await write(lines);
        await write(NOT_UTF8);
        lines = "";
      } else lines += line;
      if (lines.length < CHUNK_CHARS) continue;
      await write(lines);
      lines = "";
    }
    await write(lines);
  }
}

/** Null: its text is no UTF-8. */
function lineOf(rows: TextAt, index: number): string | null {
  try {
    return `${rows(index)}\n`;
  } catch (error) {
    if (error instanceof NotUtf8Error) return null;
    throw error;
  }
}

async function write(bytes: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, "drain");
}

try {
  await decode();
} catch (error) {
  const { message } = error as Error;
  // What damaged bytes make the decoder throw is of many kinds.
  process.stderr.write(error instanceof CorruptFileError ? message : `no sound Arrow data: ${message}`);
  process.exitCode = 1;
}
