import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { ArtefactError } from "../errors.ts";
import { addonPath } from "./artefacts.ts";
import type { Addon } from "./contract.ts";

let loaded: Addon | undefined;

/**
 * The native addon, loaded when first asked for. It links neither Python nor anything of Node's own, so a plain load is
 * enough; it opens libpython itself, with the flags that needs. Throws an {@link ArtefactError} with the command that
 * builds it.
 */
export function loadAddon(): Addon {
  loaded ??= load();
  return loaded;
}

function load(): Addon {
  if (!existsSync(addonPath)) {
    throw new ArtefactError("artefact-missing", `the addon is not built (no ${addonPath}). Fix: npm run build:native`);
  }
  try {
    return createRequire(import.meta.url)(addonPath) as Addon;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ArtefactError("artefact-unusable", `the addon does not load: ${why}. Fix: npm run build:native`, {
      cause,
    });
  }
}
