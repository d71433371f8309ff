/** The forms an export can have on disk: newline-delimited JSON, or Parquet for those who analyse it. Bounded memory. */
import { open } from "node:fs/promises";
import { type BasicType, type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";

/** Takes lines and puts them into one file. */
export interface Sink {
  write(lines: readonly string[]): Promise<void>;
  /** Everything is on disk when this resolves. */
  close(): Promise<void>;
}

/** A form: the ending of its files' names, and how to open one. */
export interface Form {
  ending: string;
  open(path: string): Promise<Sink>;
}

/** One JSON object a line. */
export const ndjson: Form = {
  ending: "ndjson",
  open: async (path) => {
    const file = await open(path, "w");
    return {
      write: async (lines) => {
        if (lines.length > 0) await file.writeFile(`${lines.join("\n")}\n`);
      },
      close: async () => {
        try {
          await file.sync();
        } finally {
          await file.close();
        }
      },
    };
  },
};

/** A row group of a Parquet file ends with whichever comes first: this many rows, or this many characters of JSON. */
const GROUP = { rows: 20_000, characters: 1 << 24 };

/** Columns that are no texts, by name. What is nested is JSON; what ends in _at or _until is a time. */
const TYPES: Readonly<Record<string, BasicType>> = {
  karma: "INT32",
  subscriber_count: "INT32",
  comment_count: "INT32",
  upvotes: "INT32",
  downvotes: "INT32",
  depth: "INT32",
  version: "INT32",
  position: "INT64",
  seq: "INT64",
  allow_crypto: "BOOLEAN",
  is_nsfw: "BOOLEAN",
  is_locked: "BOOLEAN",
  metadata: "JSON",
  moderators: "JSON",
  labels: "JSON",
  versions: "JSON",
  facts: "JSON",
};
const typeOf = (name: string): BasicType => TYPES[name] ?? (/_(at|until)$/.test(name) ? "TIMESTAMP" : "STRING");

type Values = ColumnSource["data"];

/** Columns, compressed with Snappy, in row groups. A file without rows has no columns. */
export const parquet: Form = {
  ending: "parquet",
  open: async (path) => {
    const writer = fileWriter(path);
    let file: ParquetWriter | undefined;
    let held: string[] = [];
    let characters = 0;
    const start = (names: readonly string[]) => {
      const columnData = names.map((name) => ({ name, data: [], type: typeOf(name), nullable: true }));
      return new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData }), createdBy: "openmolt" });
    };
    const writeGroup = async () => {
      const rows = held.map((line) => JSON.parse(line) as Record<string, unknown>);
      const names = Object.keys(rows[0] ?? {});
      held = [];
      characters = 0;
      file ??= start(names);
      const columnData = names.map((name) => ({ name, data: rows.map((row) => cellOf(name, row[name])) as Values }));
      await file.write({ columnData, rowGroupSize: rows.length });
    };
    return {
      write: async (lines) => {
        for (const line of lines) {
          held.push(line);
          characters += line.length;
          if (held.length >= GROUP.rows || characters >= GROUP.characters) await writeGroup();
        }
      },
      close: async () => {
        if (held.length > 0) await writeGroup();
        await (file ?? start([])).finish();
      },
    };
  },
};

function cellOf(name: string, value: unknown): unknown {
  if (typeof value === "string" && typeOf(name) === "TIMESTAMP") return new Date(value);
  return typeof value === "number" && typeOf(name) === "INT64" ? BigInt(value) : value;
}
