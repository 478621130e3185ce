import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type FileHash, hashFile } from "../../../src/base/io/hash.ts";
import { PartFile, publishPart, writeWhole } from "../../../src/base/io/part-file.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

const folder = new TestFolder();

test("a file has its name only after it was published", async () => {
  const path = folder.at("out");
  {
    await using part = await PartFile.create(path);
    await part.append("hello ");
    await part.append(Buffer.from("world"));
    const written = { bytes: 11, sha256: "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9" };
    expect(await part.seal()).toEqual(written);
    expect(part.length).toBe(11);
    expect(existsSync(path)).toBe(false);
  }
  await publishPart(path);
  expect(readFileSync(path, "utf8")).toBe("hello world");
  expect(existsSync(`${path}.part`)).toBe(false);
});

test("a part that is reopened loses what is behind the given length", async () => {
  const path = folder.at("out");
  let kept: FileHash;
  {
    await using part = await PartFile.create(path);
    await part.append("0123");
    kept = part.written;
    await part.append("456789");
  }
  {
    await using part = await PartFile.reopen(path, kept);
    await part.append("x");
    await part.seal();
  }
  expect(readFileSync(`${path}.part`, "utf8")).toBe("0123x");
});

test("hashes are those of the bytes", async () => {
  const path = folder.at("out");
  await writeWhole(path, "abc");
  expect(await hashFile(path)).toEqual({
    bytes: 3,
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  });
});
