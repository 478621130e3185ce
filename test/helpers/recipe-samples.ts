import { readdirSync } from "node:fs";
import { packagePath } from "../../src/base/package-root.ts";

/** What a recipe that comes without data is built on in tests. */
export interface RecipeSample {
  readonly inputs: string[];
  readonly solutions?: string[];
}

const sample = (name: string): string => packagePath("test", "programs", `${name}.jsonl`);

/** Names of all recipes that come with tracemill. */
export function shippedRecipes(): string[] {
  return readdirSync(packagePath("recipes")).map((file) => file.replace(/\.yaml$/, ""));
}

/** Rows of the kind that the recipe is for. */
export function recipeSample(recipe: string): RecipeSample {
  if (recipe.includes("repair")) return { inputs: [sample("faulty")], solutions: [sample("solutions")] };
  const many = recipe === "execution-grounded" || recipe === "pairs-output";
  return { inputs: [sample(many ? "many-inputs" : "sample")] };
}
