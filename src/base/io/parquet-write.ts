import { fileWriter, ParquetWriter } from "hyparquet-writer";

/** Rows of a row group: what is held in memory. */
const GROUP_ROWS = 1_000;

type Schema = ConstructorParameters<typeof ParquetWriter>[0]["schema"];

/** A column of texts; with `fields`, of objects with a text in each of them; with `members`, of lists of such objects. */
export interface ParquetColumn {
  readonly name: string;
  readonly fields?: readonly string[];
  readonly members?: readonly string[];
}

export interface ParquetTable {
  append(row: Record<string, unknown>): void;
  finish(): Promise<void>;
}

/** Starts a file over what is there; it is no Parquet before it is finished. */
export function createParquet(path: string, columns: readonly ParquetColumn[]): ParquetTable {
  const writer = new ParquetWriter({ writer: fileWriter(path), schema: schemaOf(columns) });
  let rows: Record<string, unknown>[] = [];
  const flush = (): void => {
    if (rows.length === 0) return;
    const columnData = columns.map(({ name }) => ({ name, data: rows.map((row) => row[name]) }));
    writer.write({ columnData, rowGroupSize: GROUP_ROWS });
    rows = [];
  };
  return {
    append(row) {
      rows.push(row);
      if (rows.length >= GROUP_ROWS) flush();
    },
    async finish() {
      flush();
      await writer.finish();
    },
  };
}

function schemaOf(columns: readonly ParquetColumn[]): Schema {
  const schema: Schema = [{ name: "root", num_children: columns.length }];
  for (const { name, fields, members } of columns) {
    if (fields !== undefined) {
      schema.push({ name, repetition_type: "OPTIONAL", num_children: fields.length });
      for (const field of fields) schema.push(text(field));
      continue;
    }
    if (members === undefined) {
      schema.push(text(name));
      continue;
    }
    schema.push({ name, converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 });
    schema.push({ name: "list", repetition_type: "REPEATED", num_children: 1 });
    schema.push({ name: "element", repetition_type: "OPTIONAL", num_children: members.length });
    for (const member of members) schema.push(text(member));
  }
  return schema;
}

function text(name: string): Schema[number] {
  return { name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" };
}
