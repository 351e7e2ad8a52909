/**
 * Files of Walmart Connect as lines with named fields: JSON, or CSV with a line of names (which of them is not
 * confirmed).
 */
import { Json } from "@portolan/wire"
import { Option, Schema } from "effect"

/** A line. Numbers are text. */
export type Line = { readonly [name: string]: Schema.Json }

const Lines = Schema.Array(Schema.Record(Schema.String, Schema.Json))
const decodeLines = Schema.decodeUnknownOption(Lines)
const decodeHolder = Schema.decodeUnknownOption(Schema.Record(Schema.String, Schema.Json))

/**
 * Reads CSV (RFC 4180): commas, quotation marks doubled inside quotation marks, line breaks inside them, any line
 * ending. Absent when a quotation mark stands where none may be, or the last one is never closed.
 */
export const csv = (text: string): Option.Option<ReadonlyArray<ReadonlyArray<string>>> => {
  const records: Array<ReadonlyArray<string>> = []
  // One field and what ends it.
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y
  let cells: Array<string> = []
  while (field.lastIndex < text.length || cells.length > 0) {
    const match = field.exec(text)
    if (match === null) return Option.none()
    const quoted = match[1]
    cells.push(quoted === undefined ? (match[2] ?? "") : quoted.replaceAll('""', '"'))
    if (match[3] !== ",") {
      if (cells.length > 1 || cells[0] !== "") records.push(cells)
      cells = []
      if (match[3] === "") break
    }
  }
  return Option.some(records)
}

const fromCsv = (text: string): Option.Option<ReadonlyArray<Line>> =>
  Option.flatMap(csv(text), ([head, ...records]) => {
    if (head === undefined) return Option.none()
    const names = head.map((name) => name.trim())
    // A line of another length is a cut or shifted file, and half a file is none.
    return records.every((cells) => cells.length === names.length)
      ? Option.some(records.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]))))
      : Option.none()
  })

/** A list, or an object that holds exactly one list. */
const fromJson = (json: unknown): Option.Option<ReadonlyArray<Line>> =>
  Option.orElse(decodeLines(json), () => {
    const lists = Option.match(decodeHolder(json), { onNone: () => [], onSome: Object.values }).filter(Array.isArray)
    return lists.length === 1 ? decodeLines(lists[0]) : Option.none()
  })

/** Reads a whole file. Absent when it is not complete or none of the known forms; an empty list is a list. */
export const read = (bytes: Uint8Array): Option.Option<ReadonlyArray<Line>> => {
  let text: string
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    return Option.none()
  }
  const start = text.trimStart()
  if (start === "" || start.startsWith("<")) return Option.none()
  return start.startsWith("[") || start.startsWith("{") ? Option.flatMap(Json.parse(text), fromJson) : fromCsv(text)
}
