import { SANDBOX_LAYERS, type Sandbox, type SandboxLayer } from "../../base/schema/sandbox.ts";
import { type PayloadReader, protocolError } from "./wire.ts";

/** One line per layer, as a report on the machine shows them. */
export function sandboxLayers(sandbox: Sandbox): { name: SandboxLayer; works: boolean; detail: string }[] {
  const reasons = new Map(sandbox.missing.map(({ layer, reason }) => [layer, reason]));
  return SANDBOX_LAYERS.map((name) => {
    const reason = reasons.get(name);
    return { name, works: reason === undefined, detail: reason ?? heldAs(name, sandbox) };
  });
}

function heldAs(layer: SandboxLayer, { landlock, uid }: Sandbox): string {
  if (layer === "landlock") return `version ${landlock}`;
  if (layer === "ownFiles") return "programs are files (/program/program.py), and --scratch-mb works";
  return layer === "uid" ? `programs run as user ${uid}` : "holds, as a tracer process tried it";
}

/** Whether programs that are not tame can share a process: that of one is put back to its start for the next. */
export function snapshots({ noSnapshots }: Sandbox): { name: string; works: boolean; detail: string } {
  const detail = noSnapshots === "" ? "a process is put back to its start after a program" : noSnapshots;
  return { name: "snapshots", works: noSnapshots === "", detail };
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
  const holds = (layer: SandboxLayer): boolean => ((layers >> SANDBOX_LAYERS.indexOf(layer)) & 1) === 1;
  const missing: { layer: SandboxLayer; reason: string }[] = [];
  for (let left = input.varint(); left > 0; left--) {
    const layer = SANDBOX_LAYERS[Math.log2(input.varint())];
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
    ownFiles: holds("ownFiles"),
    uid,
    missing,
    noSnapshots: Buffer.from(input.bytes()).toString(),
  };
}
