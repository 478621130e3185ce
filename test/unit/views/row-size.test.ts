import { expect, it } from "vitest";
import { RenderError } from "../../../src/base/errors.ts";
import { RowSize } from "../../../src/views/text/row-size.ts";

it("rejects a row before it is too long to make", () => {
  const size = new RowSize();
  for (let i = 0; i < 128; i++) size.add(1024 * 1024);
  expect(() => size.add(1)).toThrow(RenderError);
  expect(() => size.add(1)).toThrow(/128 Mi characters.*--max-events/);
});
