import { existsSync, readdirSync, readFileSync } from "node:fs";
import { release } from "node:os";

/** Whether a feature is there. */
export interface Feature {
  readonly name: string;
  readonly works: boolean;
  /** What was seen, and what to do about it when it does not work. */
  readonly detail: string;
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

/** Programs are locked in by what Linux on x64 offers. */
export function kernel(): Feature {
  const linux = process.platform === "linux" && process.arch === "x64";
  const detail = `${process.platform} ${release()} ${process.arch}`;
  return {
    name: "kernel",
    works: linux,
    detail: linux ? detail : `${detail}; programs are locked in on Linux x64 only`,
  };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
