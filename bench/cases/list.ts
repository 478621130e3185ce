import type { BenchCase } from "../case.ts";
import { chainsCase } from "./chains.ts";
import { forkCase } from "./fork.ts";
import { growingListCase } from "./growing-list.ts";
import { inputsCase } from "./inputs.ts";
import { isolationCase } from "./isolation.ts";
import { packageValuesCase } from "./package-values.ts";
import { renderCase } from "./render.ts";
import { scalarLoopCase } from "./scalar-loop.ts";
import { skipLoopCase } from "./skip-loop.ts";
import { statelens } from "./statelens.ts";
import { tiersCase } from "./tiers.ts";
import { twoWorkers } from "./two-workers.ts";

export const CASES: readonly BenchCase[] = [
  statelens,
  scalarLoopCase,
  skipLoopCase,
  growingListCase,
  chainsCase,
  twoWorkers,
  forkCase,
  inputsCase,
  isolationCase,
  tiersCase,
  packageValuesCase,
  renderCase,
];
