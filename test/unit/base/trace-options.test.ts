import { expect, test } from "vitest";
import { parseTraceFlags } from "../../../src/app/cli/flags.ts";
import { recipeOptionsSchema, traceOptionsSchema } from "../../../src/base/schema/options.ts";
import { FLAG_NAMES, flagName, type OptionEntry, TRACE_OPTIONS } from "../../../src/base/schema/trace-option-table.ts";
import { recipeJsonSchema } from "../../../src/products/dataset/recipe.ts";

const required = { as: "record" };

/** As the command line has it, and as the library does: one that is right and one that is not. */
function samples(entry: OptionEntry): { given: unknown; value: unknown; wrongFlag: unknown; wrongValue: unknown } {
  switch (entry.kind) {
    case "number": {
      const value = entry.least + 1;
      const wrong = entry.least - 1;
      return { given: String(value), value, wrongFlag: String(wrong), wrongValue: wrong };
    }
    case "choice":
      return { given: entry.choices.at(-1), value: entry.choices.at(-1), wrongFlag: "none", wrongValue: "none" };
    case "switch":
      return { given: true, value: true, wrongFlag: "yes", wrongValue: 1 };
    case "names":
      return { given: "a.b, c", value: ["a.b", "c"], wrongFlag: "a b", wrongValue: ["a b"] };
  }
}

test.each(FLAG_NAMES)("%s is a flag, an option of the library and, where recipes may set it, one of theirs", (name) => {
  const entry: OptionEntry = TRACE_OPTIONS[name];
  const { given, value, wrongFlag, wrongValue } = samples(entry);
  expect(parseTraceFlags({ ...required, [name]: given })[name]).toEqual(value);
  expect(() => parseTraceFlags({ ...required, [name]: wrongFlag })).toThrow(flagName(name));
  expect(traceOptionsSchema.parse({})[name]).toEqual(entry.default);
  expect(traceOptionsSchema.parse({ [name]: value })[name]).toEqual(value);
  expect(traceOptionsSchema.safeParse({ [name]: wrongValue }).success).toBe(false);
  expect(recipeOptionsSchema.safeParse({ [name]: value }).success).toBe(entry.recipe === true);
  expect(recipeOptionsSchema.safeParse({ [name]: wrongValue }).success).toBe(false);
});

test("the defaults share nothing that a caller could change", () => {
  traceOptionsSchema.parse({}).preload.push("numpy");
  expect(traceOptionsSchema.parse({}).preload).toEqual([]);
});

test("editors learn what the options of a recipe are", () => {
  const { properties } = recipeJsonSchema() as { properties: { trace: { properties: Record<string, object> } } };
  const names = FLAG_NAMES.filter((name) => TRACE_OPTIONS[name].recipe === true);
  expect(Object.keys(properties.trace.properties)).toEqual(names);
  for (const name of names)
    expect(properties.trace.properties[name]).toMatchObject({ description: TRACE_OPTIONS[name].help });
});
