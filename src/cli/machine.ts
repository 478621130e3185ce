import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { promisify } from "node:util";

/** Whether a feature is there; null when it cannot be known without special rights. */
export interface Feature {
  readonly name: string;
  readonly works: boolean | null;
  /** What was seen, and what to do about it when it does not work. */
  readonly detail: string;
}

/** What this kernel offers for locking programs in, as far as any user can see it; `python` helps to ask it. */
export async function sandboxFeatures(python: string | null): Promise<Feature[]> {
  const status = readText("/proc/self/status");
  return [
    kernel(),
    statusField(status, "NoNewPrivs", "no new privileges"),
    statusField(status, "Seccomp", "seccomp", readText("/proc/sys/kernel/seccomp/actions_avail")),
    await landlock(python),
    userNamespaces(),
  ];
}

/** NVIDIA GPUs: by the driver's own list, else by the device files. */
export function gpu(): Feature {
  const listed = existsSync("/proc/driver/nvidia/gpus") ? readdirSync("/proc/driver/nvidia/gpus") : [];
  if (listed.length > 0) {
    const models = listed.map((bus) => {
      const text = readText(`/proc/driver/nvidia/gpus/${bus}/information`) ?? "";
      return /^Model:\s*(.+)$/m.exec(text)?.[1] ?? bus;
    });
    return { name: "GPU", works: true, detail: models.join(", ") };
  }
  const devices = readdirSync("/dev").filter((name) => /^nvidia\d+$/.test(name));
  if (devices.length > 0) return { name: "GPU", works: true, detail: devices.map((name) => `/dev/${name}`).join(", ") };
  return { name: "GPU", works: false, detail: "none seen; tracing needs none" };
}

function kernel(): Feature {
  const linux = process.platform === "linux" && process.arch === "x64";
  const detail = `${process.platform} ${release()} ${process.arch}`;
  return {
    name: "kernel",
    works: linux,
    detail: linux ? detail : `${detail}; programs are locked in on Linux x64 only`,
  };
}

function statusField(status: string | null, field: string, name: string, actions: string | null = null): Feature {
  if (status === null) return { name, works: null, detail: "/proc is not mounted" };
  const there = new RegExp(`^${field}:`, "m").test(status);
  if (!there) return { name, works: false, detail: `this kernel has none (no ${field} in /proc/self/status)` };
  return { name, works: true, detail: actions === null ? "offered by the kernel" : `actions: ${actions.trim()}` };
}

// Node cannot make the system call that tells Landlock's version, Python can.
const LANDLOCK_VERSION = "import ctypes; print(ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1))";

async function landlock(python: string | null): Promise<Feature> {
  const name = "Landlock";
  const version = python === null ? null : await askPython(python, LANDLOCK_VERSION);
  if (version !== null) {
    const off = "this kernel has none, or has it switched off (Linux 5.13 or newer, booted with lsm=landlock,...)";
    return { name, works: version > 0, detail: version > 0 ? `version ${version}` : off };
  }
  const modules = readText("/sys/kernel/security/lsm");
  if (modules === null) return { name, works: null, detail: "unknown: neither Python nor /sys/kernel/security tells" };
  const on = modules.trim().split(",").includes("landlock");
  return { name, works: on, detail: `${on ? "among" : "not among"} the kernel's security modules` };
}

async function askPython(python: string, program: string): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)(python, ["-I", "-c", program], { timeout: 10_000 });
    return /^-?\d+$/.test(stdout.trim()) ? Number(stdout) : null;
  } catch {
    return null;
  }
}

function userNamespaces(): Feature {
  const name = "user namespaces";
  const limit = readText("/proc/sys/user/max_user_namespaces");
  if (limit === null) return { name, works: null, detail: "unknown: no /proc/sys/user/max_user_namespaces" };
  if (Number(limit) === 0)
    return { name, works: false, detail: "switched off (user.max_user_namespaces=0); not needed" };
  const forbidden = readText("/proc/sys/kernel/unprivileged_userns_clone")?.trim() === "0";
  const restricted = readText("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")?.trim() === "1";
  if (forbidden || restricted) return { name, works: false, detail: "forbidden to ordinary users; not needed" };
  return { name, works: true, detail: `up to ${limit.trim()}` };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
