import { writeFileSync } from "node:fs";
import { recipeJsonSchema } from "../src/products/dataset/recipe.ts";

// Writes what editors check recipes with; a test says when it is out of date.
const path = new URL("../src/products/dataset/recipe.schema.json", import.meta.url);
writeFileSync(path, `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`);
