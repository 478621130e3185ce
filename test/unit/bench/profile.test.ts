import { expect, test } from "vitest";
import { readCosts } from "../../../bench/profile/costs.ts";

test("self and inclusive costs of what callgrind wrote, names given once and then by number", () => {
  const text = `# callgrind format
events: Ir
ob=(1) /lib/libpython3.11.so.1.0
fl=(1) ???
fn=(1) loop
0 100
cob=(2) /lib/core-cp311.so
cfn=(2) observe
calls=3 0
0 60
cfn=(1)
calls=1 0
0 500

ob=(2)
fn=(2)
0 50
cob=(1)
cfn=(3) repr
calls=1 0
+4 10

ob=(1)
fn=(3)
0 10
totals: 160
`;
  const { total, costs } = readCosts(text);
  expect(total).toBe(160);
  expect(costs).toEqual([
    { name: "loop", object: "libpython3.11.so.1.0", self: 100, inclusive: 100 },
    { name: "observe", object: "core-cp311.so", self: 50, inclusive: 60 },
    { name: "repr", object: "libpython3.11.so.1.0", self: 10, inclusive: 10 },
  ]);
});
