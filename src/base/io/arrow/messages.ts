import { Message } from "apache-arrow";
import { CorruptFileError } from "../corrupt-file.ts";

/** What Message.header() gives of a batch, as far as it is looked at. */
interface BatchHeader {
  readonly length: number;
  readonly nodes: readonly { length: number }[];
  readonly buffers: readonly { offset: number; length: number }[];
  readonly compression: unknown;
}

const FILE_MAGIC = Buffer.from("ARROW1");
/** Before the first message of a file; streams begin with it. */
const FILE_HEAD_BYTES = 8;
const CONTINUES = -1;
const NOTHING = new Uint8Array(0);
/** Of one message: a schema, or where the columns of a batch are. */
const MAX_METADATA_BYTES = 64 << 20;
/** Of one batch, which is decoded in memory. */
const MAX_BODY_BYTES = 2 ** 31;
/** Bytes that a compressed byte may stand for. */
const MOST_PACKED = 1 << 15;
const MAX_LENGTH = 2 ** 31 - 1;

/**
 * The bytes of an Arrow IPC stream, or of the stream inside an Arrow file, cut into its messages: each one's head with its
 * metadata, then its body. Nothing is passed on that names bytes outside of its body, and a stream is only whole with the
 * mark of its end. Throws CorruptFileError.
 */
export async function* arrowMessages(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = new ByteReader(chunks);
  let head = await bytes.take(FILE_HEAD_BYTES);
  const isFile = head.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC);
  if (isFile) head = await bytes.take(FILE_HEAD_BYTES);
  for (let first = true; ; first = false) {
    if (head.readInt32LE(0) !== CONTINUES) throw new CorruptFileError("what should be an Arrow stream is none");
    const metadataBytes = head.readInt32LE(4);
    if (metadataBytes === 0) break;
    if (metadataBytes < 0 || metadataBytes > MAX_METADATA_BYTES) {
      throw new CorruptFileError(`a message claims ${metadataBytes} bytes of metadata`);
    }
    const metadata = await bytes.take(metadataBytes);
    const message = Message.decode(metadata);
    // Some writers of files leave the schema out here, and have it in the footer only.
    if (message.isSchema() !== first) throw new CorruptFileError("a stream has one schema, before its batches");
    checkMessage(message);
    yield Buffer.concat([head, metadata]);
    if (message.bodyLength > 0) yield await bytes.take(message.bodyLength);
    // The reader takes one chunk more before it gives a batch: that must not be the next message, nor its damage.
    yield NOTHING;
    head = await bytes.take(FILE_HEAD_BYTES);
  }
  await checkRest(bytes, isFile);
}

function checkMessage(message: Message): void {
  const { bodyLength } = message;
  if (!(bodyLength >= 0 && bodyLength <= MAX_BODY_BYTES)) {
    throw new CorruptFileError(`a batch takes ${bodyLength} bytes; write the file again with batches under 2 GiB`);
  }
  if (message.isRecordBatch()) checkBatch(message.header() as unknown as BatchHeader, bodyLength);
  else if (message.isDictionaryBatch()) checkBatch(message.header().data as unknown as BatchHeader, bodyLength);
  else if (!message.isSchema()) throw new CorruptFileError("a message is neither a schema nor a batch");
}

function checkBatch({ length, nodes, buffers, compression }: BatchHeader, bodyLength: number): void {
  const packed = compression !== null && compression !== undefined;
  // A row takes a bit at least.
  if (!(length >= 0 && length <= 8 * bodyLength * (packed ? MOST_PACKED : 1))) {
    throw new CorruptFileError(`a batch claims ${length} rows in ${bodyLength} bytes`);
  }
  if (!nodes.every((node) => node.length >= 0 && node.length <= MAX_LENGTH)) {
    throw new CorruptFileError("a column of a batch has an impossible length");
  }
  const inside = buffers.every(({ offset, length: size }) => offset >= 0 && size >= 0 && offset + size <= bodyLength);
  if (!inside) throw new CorruptFileError("a column of a batch goes beyond its bytes");
}

async function checkRest(bytes: ByteReader, isFile: boolean): Promise<void> {
  const tail = await bytes.tail(FILE_MAGIC.length);
  if (!isFile && tail.length > 0) throw new CorruptFileError("the file goes on after the end of its stream");
  if (isFile && !tail.equals(FILE_MAGIC)) throw new CorruptFileError("the file ends too early");
}

/** Takes so many bytes at a time from chunks of any size. */
class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** In memory of their own, so that columns are aligned in it. */
  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      if (this.#held.length === 0 && !(await this.#pull())) throw new CorruptFileError("the file ends too early");
      const part = this.#held.subarray(0, missing);
      this.#held = this.#held.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    const taken = Buffer.from(new ArrayBuffer(count));
    let at = 0;
    for (const part of parts) at += part.copy(taken, at);
    return taken;
  }

  /** Up to so many bytes that the chunks end with. */
  async tail(count: number): Promise<Buffer> {
    let tail = this.#held.subarray(-count);
    while (await this.#pull()) tail = Buffer.concat([tail, this.#held]).subarray(-count);
    return tail;
  }

  async #pull(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#held = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return true;
  }
}
