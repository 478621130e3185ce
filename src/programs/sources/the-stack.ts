import { SourceError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { optionalIdField, otherFields, textField } from "./fields.ts";
import type { SourceAdapter } from "./source.ts";

/** One of them beside `content` tells a file of a repository from other rows with such a field. */
const OF_FILES = [
  "hexsha",
  "blob_id",
  "max_stars_repo_path",
  "lang",
  "language",
  "repo_name",
  "repository_name",
  "ext",
];

export const theStackSource: SourceAdapter = {
  name: "the-stack",
  title: "The Stack and its kin: files of repositories, whose content is the program",
  example: '{"hexsha": "6f9c...", "lang": "Python",\n "content": "print(sum(range(10)))\\n"}',
  detect: (row) => typeof row["content"] === "string" && OF_FILES.some((name) => name in row),
  *programs(row, { fallbackId }) {
    const language = row["lang"] ?? row["language"];
    if (typeof language === "string" && !/^python\d?$/i.test(language)) {
      throw new SourceError("not-python", `The row is ${JSON.stringify(language)}; only Python can be run.`);
    }
    const id =
      optionalIdField(row, "hexsha") ?? optionalIdField(row, "blob_id") ?? optionalIdField(row, "id") ?? fallbackId;
    const program: Program = { id, code: textField(row, "content"), entry: null };
    const meta = otherFields(row, ["hexsha", "blob_id", "id", "content"]);
    if (meta !== undefined) program.meta = meta;
    yield program;
  },
};
