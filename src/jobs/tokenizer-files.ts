import { join } from "node:path";
import type { RenderSettings } from "../base/schema/render-settings.ts";
import { ESTIMATE } from "../views/text/tokens.ts";

/** Files that counting tokens reads. */
export function tokenizerFiles({ tokenizer }: Pick<RenderSettings, "tokenizer">): string[] {
  if (tokenizer === null || tokenizer === ESTIMATE) return [];
  return [join(tokenizer, "tokenizer.json"), join(tokenizer, "tokenizer_config.json")];
}
