import { quotePython } from "./python-text.ts";

/** `repr` of an exception that has one text for an argument, or none: a record has no more of it than its message. */
export function exceptionRepr({ type, message }: { readonly type: string; readonly message: string }): string {
  if (message === "") return `${type}()`;
  // Its message is the repr of its argument already.
  return type === "KeyError" ? `${type}(${message})` : `${type}(${quotePython(message)})`;
}
