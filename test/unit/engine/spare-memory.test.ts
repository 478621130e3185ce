import { expect, test } from "vitest";
import { SpareMemory } from "../../../src/engine/pool/spare-memory.ts";

test("hands out what was given, the last piece first", () => {
  const spare = new SpareMemory(3);
  expect(spare.take()).toBeNull();
  const [first, second] = [new ArrayBuffer(8), new ArrayBuffer(8)];
  spare.give(first);
  spare.give(second);
  expect([spare.take(), spare.take(), spare.take()]).toEqual([second, first, null]);
});

test("hands out no piece twice, nor one that another thread has", () => {
  const spare = new SpareMemory(3);
  const piece = new ArrayBuffer(8);
  spare.give(piece);
  spare.give(piece);
  expect(spare.take()).toBe(piece);
  expect(spare.take()).toBeNull();
  structuredClone(piece, { transfer: [piece] });
  spare.give(piece);
  expect(spare.take()).toBeNull();
});

test("keeps neither many pieces nor large ones", () => {
  const spare = new SpareMemory(1);
  spare.give(new ArrayBuffer(64 * 1024 * 1024));
  expect(spare.take()).toBeNull();
  spare.give(new ArrayBuffer(1));
  spare.give(new ArrayBuffer(2));
  expect(spare.take()?.byteLength).toBe(1);
  expect(spare.take()).toBeNull();
});
