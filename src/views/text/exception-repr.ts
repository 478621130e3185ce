import { stringRepr } from "../../python/string-repr.ts";
import type { RaisedException } from "../../record/trace/value.ts";

/** An exception by type, arguments and fields; where a record has only its message, as if that were its argument. */
export function exceptionRepr({ type, message, value }: RaisedException): string {
  if (value !== null) return value.repr;
  if (message === "") return `${type}()`;
  // Its message is the repr of its argument already.
  return type === "KeyError" ? `${type}(${message})` : `${type}(${stringRepr(message)})`;
}
