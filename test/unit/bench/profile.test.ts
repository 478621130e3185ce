import { expect, test } from "vitest";
import { readCosts } from "../../../bench/profile/costs.ts";
import { readSamples, readSymbols } from "../../../bench/profile/samples.ts";

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

test("samples count for the function that their address lies in", () => {
  const text = `400000-401000 r-xp 00001000 fe:00 17 /bin/driver
7f0000000000-7f0000002000 r--p 00000000 fe:00 18 /lib/lib core.so
7f0000002000-7f0000004000 r-xp 00002000 fe:00 18 /lib/lib core.so
7ffc00000000-7ffc00001000 r-xp 00000000 00:00 0 [vdso]

400010 3
7f0000002fff 5
7f0000003000 2
7f0000003008 1
7ffc00000010 4
`;
  const symbols: Record<string, string> = {
    "/bin/driver": "0000000000001000 T main\n",
    "/lib/lib core.so":
      "                 U malloc\n0000000000002100 t first(int)\n0000000000003000 T second\n0000000000009000 D data\n",
  };
  expect(readSamples(text, (path) => readSymbols(symbols[path] ?? ""))).toEqual([
    { name: "first(int)", object: "lib core.so", self: 5 },
    { name: "?", object: "no file", self: 4 },
    { name: "main", object: "driver", self: 3 },
    { name: "second", object: "lib core.so", self: 3 },
  ]);
});
