import { UsageError } from "../../base/errors.ts";
import { codeexecutorRenderer } from "./codeexecutor.ts";
import { cwmRenderer } from "./cwm.ts";
import { eventsRenderer } from "./events.ts";
import { execverifyRenderer } from "./execverify.ts";
import { llmexecutorSftRenderer, llmexecutorSwaRenderer } from "./llmexecutor.ts";
import { llmexecutorStatesRenderer } from "./llmexecutor-states.ts";
import { mainThreadOnly } from "./main-thread.ts";
import { naiveRenderer } from "./naive.ts";
import { nextRenderer } from "./next.ts";
import { RECORDINGS } from "./record.ts";
import type { Format, Renderer } from "./renderer.ts";
import { scratchpadRenderer } from "./scratchpad.ts";
import { semcoderRenderer } from "./semcoder.ts";
import { semenhanceOurRenderer } from "./semenhance-our.ts";
import { snoopRenderer } from "./snoop.ts";
import { statelensRenderer, statelensSkipRenderer } from "./statelens.ts";
import { tableRenderer } from "./table.ts";
import { conciseRenderer, semenhanceExeRenderer } from "./tagged-lines.ts";

const ONE_SEQUENCE: readonly Renderer[] = [
  statelensRenderer,
  statelensSkipRenderer,
  tableRenderer,
  execverifyRenderer,
  snoopRenderer,
  nextRenderer,
  semenhanceOurRenderer,
  conciseRenderer,
  semenhanceExeRenderer,
  scratchpadRenderer,
  naiveRenderer,
  semcoderRenderer,
  codeexecutorRenderer,
  llmexecutorSftRenderer,
  llmexecutorSwaRenderer,
  llmexecutorStatesRenderer,
  cwmRenderer,
];

const RENDERERS: readonly Renderer[] = [eventsRenderer, ...ONE_SEQUENCE.map(mainThreadOnly)];

export function listRenderers(): readonly Renderer[] {
  return RENDERERS;
}

/** Everything that `--as` can name: the formats of rows, and stored recordings. */
export function listFormats(): readonly Format[] {
  return [RECORDINGS, ...RENDERERS];
}

export function findFormat(name: string): Format {
  const found = listFormats().find((format) => format.name === name);
  if (found === undefined) {
    const names = listFormats().map((format) => format.name);
    throw new UsageError(
      "unknown-format",
      `There is no format ${JSON.stringify(name)}. Use one of: ${names.join(", ")}.`,
    );
  }
  return found;
}

/** Throws UsageError, also for stored recordings, which are no rows. */
export function findRenderer(name: string): Renderer {
  const found = RENDERERS.find((renderer) => renderer.name === findFormat(name).name);
  if (found !== undefined) return found;
  const advice = "name a format of rows";
  throw new UsageError("not-a-row-format", `${name} makes a record file (.tmr) and no rows; ${advice}.`);
}
