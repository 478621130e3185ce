import { join } from "node:path";
import { ESTIMATE } from "../render/tokens.ts";
import type { RenderSettings } from "../schema/render-settings.ts";

/** Files that counting tokens reads. */
export function tokenizerFiles({ tokenizer }: Pick<RenderSettings, "tokenizer">): string[] {
  if (tokenizer === null || tokenizer === ESTIMATE) return [];
  return [join(tokenizer, "tokenizer.json"), join(tokenizer, "tokenizer_config.json")];
}
