/** What a tool records, in words, as far as numbers do not show it. */
export interface Tool {
  /** As peer.py knows it. */
  name: string;
  lines: boolean;
  variables: string;
  values: string;
}

const CHANGED = "those that changed";

export const TOOLS: readonly Tool[] = [
  { name: "standard", lines: true, variables: "none", values: "none" },
  { name: "pysnooper", lines: true, variables: CHANGED, values: "repr, cut at 100 characters" },
  { name: "snoop", lines: true, variables: CHANGED, values: "cheap_repr, long ones abbreviated" },
  { name: "hunter", lines: true, variables: CHANGED, values: "safe repr, cut at 1,000 characters" },
  { name: "viztracer", lines: false, variables: "arguments and results of calls", values: "repr" },
  { name: "reference", lines: true, variables: "all", values: "repr, whole" },
];

export const TRACEMILL: Tool = {
  name: "tracemill",
  lines: true,
  variables: "all (stored as changes)",
  values: "repr, cut at 1,000 characters, with type and identity",
};

export const NOT_COMPARABLE: readonly string[] = [
  "tracemill runs programs in a sandboxed process and hands records to Node; the others run them in their own process,",
  "unprotected: a program that hangs or crashes takes the rest with it. tracemill and reference record the module's own",
  "lines too and check every program's limits; the others see the entry call only. pysnooper, snoop, hunter and the",
  "standard trace write text for people, in which values of several lines or cut ones cannot be read back; viztracer has",
  "no lines, so that its ns per line are for comparison of the totals only. reference runs here in one process, without",
  "its child per program. No tool marks loops: iterations are repeated lines; tracemill can leave them out afterwards.",
];
