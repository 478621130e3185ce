/** A file that is not what its name says, or ends too early; the message has the cause. */
export class CorruptFileError extends Error {
  override readonly name: string = "CorruptFileError";
}
