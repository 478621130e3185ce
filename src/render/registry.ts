import { UsageError } from "../errors.ts";
import { eventsRenderer } from "./events.ts";
import { recordRenderer } from "./record.ts";
import type { Renderer } from "./renderer.ts";
import { statelensRenderer, statelensSkipRenderer } from "./statelens.ts";

const RENDERERS: readonly Renderer[] = [recordRenderer, eventsRenderer, statelensRenderer, statelensSkipRenderer];

export function listRenderers(): readonly Renderer[] {
  return RENDERERS;
}

export function findRenderer(name: string): Renderer {
  const found = RENDERERS.find((renderer) => renderer.name === name);
  if (found === undefined) {
    const names = RENDERERS.map((renderer) => renderer.name).join(", ");
    throw new UsageError("unknown-format", `There is no format ${JSON.stringify(name)}. Use one of: ${names}.`);
  }
  return found;
}
