/** How all codes are spelled: words in small letters, with hyphens between them. */
export type ErrorCode = Lowercase<string>;

/** What every error of this package is: a stable machine-readable code, and a message with the cause and the fix. */
export class TracemillError extends Error {
  override readonly name: string = "TracemillError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Bytes that are no trace record, or no record file. */
export class RecordError extends TracemillError {
  override readonly name: string = "RecordError";
  /** Byte offset in the record or file, when one place is to blame. */
  readonly offset: number | null;

  constructor(code: ErrorCode, message: string, offset: number | null = null, options?: { cause?: unknown }) {
    super(code, offset === null ? message : `${message} (at byte ${offset})`, options);
    this.offset = offset;
  }
}

/** A trace that a format cannot show; `code` is the reason of the rejected row. */
export class RenderError extends TracemillError {
  override readonly name: string = "RenderError";
}

/** A text that is none of the format that a parser reads; the only error that parsers throw. */
export class ParseError extends TracemillError {
  override readonly name: string = "ParseError";
}

/** An input row that no program can be made of. */
export class SourceError extends TracemillError {
  override readonly name: string = "SourceError";
}

/** No usable Python, or none of the version that is needed. */
export class PythonError extends TracemillError {
  override readonly name: string = "PythonError";
}

/** Built files that are missing or do not fit. */
export class ArtefactError extends TracemillError {
  override readonly name: string = "ArtefactError";
}

/** A file of the output that cannot be written, or that somebody else changed; the message names it. */
export class OutputError extends TracemillError {
  override readonly name: string = "OutputError";
}

/** The engine itself failed; programs that fail are data and never throw. */
export class EngineError extends TracemillError {
  override readonly name: string = "EngineError";
}

/** A wrong flag, option or name; ends the command line with status 2. */
export class UsageError extends TracemillError {
  override readonly name: string = "UsageError";
}
