import { type PayloadReader, protocolError } from "./wire.ts";

/** What can keep a program in; `namespaces` and `uid` only repeat what the others hold. */
export type SandboxLayer =
  | "capabilities"
  | "noNewPrivileges"
  | "rlimits"
  | "landlock"
  | "seccomp"
  | "namespaces"
  | "uid";

/** What keeps programs in, as tried at the start of a tracer process. */
export interface Sandbox {
  /** They have none. */
  readonly capabilities: boolean;
  readonly noNewPrivileges: boolean;
  readonly rlimits: boolean;
  /** Its version; 0 where the kernel has none. */
  readonly landlock: number;
  readonly seccomp: boolean;
  readonly namespaces: boolean;
  /** Of the user that programs run as. */
  readonly uid: number;
  readonly missing: readonly { readonly layer: SandboxLayer; readonly reason: string }[];
}

/** The bits of native/host/sandbox.h, from the lowest. */
const LAYERS: readonly SandboxLayer[] = [
  "capabilities",
  "noNewPrivileges",
  "rlimits",
  "landlock",
  "seccomp",
  "namespaces",
  "uid",
];

/** One line per layer, as a report on the machine shows them. */
export function sandboxLayers(sandbox: Sandbox): { name: SandboxLayer; works: boolean; detail: string }[] {
  const reasons = new Map(sandbox.missing.map(({ layer, reason }) => [layer, reason]));
  return LAYERS.map((name) => {
    const reason = reasons.get(name);
    return { name, works: reason === undefined, detail: reason ?? heldAs(name, sandbox) };
  });
}

function heldAs(layer: SandboxLayer, { landlock, uid }: Sandbox): string {
  if (layer === "landlock") return `version ${landlock}`;
  return layer === "uid" ? `programs run as user ${uid}` : "holds, as a tracer process tried it";
}

/** One line; null when nothing is missing. */
export function missingLayers({ missing }: Sandbox): string | null {
  if (missing.length === 0) return null;
  return `programs run without ${missing.map(({ layer, reason }) => `${layer} (${reason})`).join(", ")}`;
}

export function decodeSandbox(input: PayloadReader): Sandbox {
  const layers = input.varint();
  const uid = input.varint();
  const version = input.varint();
  const holds = (layer: SandboxLayer): boolean => ((layers >> LAYERS.indexOf(layer)) & 1) === 1;
  const missing: { layer: SandboxLayer; reason: string }[] = [];
  for (let left = input.varint(); left > 0; left--) {
    const layer = LAYERS[Math.log2(input.varint())];
    if (layer === undefined) throw protocolError("a layer of the sandbox is unknown");
    missing.push({ layer, reason: Buffer.from(input.bytes()).toString() });
  }
  return {
    capabilities: holds("capabilities"),
    noNewPrivileges: holds("noNewPrivileges"),
    rlimits: holds("rlimits"),
    landlock: holds("landlock") ? version : 0,
    seccomp: holds("seccomp"),
    namespaces: holds("namespaces"),
    uid,
    missing,
  };
}
