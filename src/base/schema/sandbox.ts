import { z } from "zod";

/** What can keep a program in; `namespaces` and `uid` only repeat what the others hold, `ownFiles` is what programs find. */
export type SandboxLayer =
  | "capabilities"
  | "noNewPrivileges"
  | "rlimits"
  | "landlock"
  | "seccomp"
  | "namespaces"
  | "uid"
  | "ownFiles";

/** In the order of the bits of native/host/sandbox.h, from the lowest. */
export const SANDBOX_LAYERS: readonly SandboxLayer[] = [
  "capabilities",
  "noNewPrivileges",
  "rlimits",
  "landlock",
  "seccomp",
  "namespaces",
  "uid",
  "ownFiles",
];

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
  /** Programs have a folder of their own, where their file and `--scratch-mb` are; keeps nothing in. */
  readonly ownFiles: boolean;
  /** Of the user that programs run as. */
  readonly uid: number;
  readonly missing: readonly { readonly layer: SandboxLayer; readonly reason: string }[];
  /** Why a process cannot be put back after a program, so that more of them run in their own; empty where it can. */
  readonly noSnapshots: string;
}

const count = z.int().nonnegative();

export const sandboxSchema: z.ZodType<Sandbox> = z.object({
  capabilities: z.boolean(),
  noNewPrivileges: z.boolean(),
  rlimits: z.boolean(),
  landlock: count,
  seccomp: z.boolean(),
  namespaces: z.boolean(),
  ownFiles: z.boolean(),
  uid: count,
  missing: z.array(z.object({ layer: z.enum(SANDBOX_LAYERS), reason: z.string() })),
  noSnapshots: z.string().default(""),
});
