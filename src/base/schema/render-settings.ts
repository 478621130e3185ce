import { z } from "zod";

/** How a format is rendered; part of what decides a run's output. */
export interface RenderSettings {
  /** Right text where the published one has a fault. */
  correct: boolean;
  /** Tokens of one row; null: any number. */
  maxTokens: number | null;
  /** Folder of a tokenizer, or "estimate"; null when nothing is counted. */
  tokenizer: string | null;
}

/** As published, of any length. */
export const AS_PUBLISHED: RenderSettings = { correct: false, maxTokens: null, tokenizer: null };

export const renderSettingsSchema: z.ZodType<RenderSettings> = z.strictObject({
  correct: z.boolean(),
  maxTokens: z.int().positive().nullable(),
  tokenizer: z.string().min(1).nullable(),
});
