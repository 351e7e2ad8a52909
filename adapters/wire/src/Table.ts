/**
 * Files of providers as lines with named fields: JSON, a JSON object a line, or a table with a line of names. A file is
 * whole or it is none; a line of it that is not as long as the heading, or no object, is kept apart.
 */
import { Option, Schema } from "effect"
import * as Json from "./Json.ts"
import { apart, type Quarantined } from "./Quarantine.ts"

/** A line. Numbers are text. */
export type Line = { readonly [name: string]: Schema.Json }

/** A file that was read. */
export interface Table {
  /** The names of the heading, in order; of a JSON file those of its first line. */
  readonly head: ReadonlyArray<string>
  readonly lines: ReadonlyArray<Line>
  readonly odd: ReadonlyArray<Quarantined>
  /** A last line of sums, which is none of the lines. */
  readonly total?: Line
}

/** How a table is written. */
export interface Writing {
  /** What parts two cells; found out from the heading when left out. */
  readonly separator?: string
  /** Whether quotation marks enclose cells (RFC 4180: https://www.rfc-editor.org/rfc/rfc4180); they do unless told. */
  readonly isQuoted?: boolean
}

/** A file that holds nothing at all: no list, no heading. */
export const isBlank = (text: string): boolean => text.trim() === ""

const decodeLine = Schema.decodeUnknownOption(Schema.Record(Schema.String, Schema.Json))

const escaped = (text: string): string => text.replaceAll(/[|\\{}()[\]^$+*?.]/g, "\\$&")

/**
 * Splits a table into records of cells: cells parted by the separator, quotation marks doubled inside quotation marks,
 * line breaks inside them, any line ending. Absent when a quotation mark stands where none may be, or the last one is
 * never closed.
 */
export const records = (
  text: string,
  { isQuoted = true, separator = "," }: Writing = {}
): Option.Option<ReadonlyArray<ReadonlyArray<string>>> => {
  if (!isQuoted) return Option.some(plainRecords(text, separator))
  const found: Array<ReadonlyArray<string>> = []
  const part = escaped(separator)
  // One field and what ends it.
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${part}\\r\\n]*))(${part}|\\r\\n|\\n|\\r|$)`, "y")
  let cells: Array<string> = []
  while (field.lastIndex < text.length || cells.length > 0) {
    const match = field.exec(text)
    if (match === null) return Option.none()
    const quoted = match[1]
    cells.push(quoted === undefined ? (match[2] ?? "") : quoted.replaceAll('""', '"'))
    if (match[3] !== separator) {
      if (cells.length > 1 || cells[0] !== "") found.push(cells)
      cells = []
      if (match[3] === "") break
    }
  }
  return Option.some(found)
}

const plainRecords = (text: string, separator: string) =>
  text
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => line.split(separator))

const separators = ["\t", ",", ";", "|"]

/** What parts the names of a heading: the sign that occurs most outside quotation marks. */
const separatorOf = (text: string): string => {
  const heading = (/^[^\r\n]*/.exec(text)?.[0] ?? "").replaceAll(/"[^"]*"/g, "")
  const counts = separators.map((sign) => heading.split(sign).length - 1)
  return separators[counts.indexOf(Math.max(...counts))] ?? ","
}

/** Names that tell columns apart where a heading repeats one: the second is `name (2)`. */
const distinct = (names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const seen = new Map<string, number>()
  return names.map((given) => {
    const name = given.trim()
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} (${times})`
  })
}

/** A cell that begins a line of sums. */
const isTotal = (cell: string | undefined): boolean =>
  /^(?:grand |sub)?totals?:?$|^(?:gesamt|summe|totale|total general|suma|toplam|totaal|razem|合計|总计)$/i.test(
    cell?.trim() ?? ""
  )

/**
 * Reads a table. Absent when it is cut: a last line that is short and does not end. A heading that comes again within
 * the file, as where files were joined, is no line.
 */
const fromRecords = (all: ReadonlyArray<ReadonlyArray<string>>, isEnded: boolean): Option.Option<Table> => {
  const [first, ...rest] = all
  if (first === undefined) return Option.none()
  const head = distinct(first)
  const lines: Array<Line> = []
  const odd: Array<Quarantined> = []
  for (const [index, cells] of rest.entries()) {
    if (cells.length === first.length && cells.every((cell, at) => cell.trim() === first[at]?.trim())) continue
    if (cells.length !== head.length) {
      if (index === rest.length - 1 && cells.length < head.length && !isEnded) return Option.none()
      // A line of sums may leave out what it has no sum of; where its sums stand is not known then.
      if (index === rest.length - 1 && isTotal(cells[0])) continue
      odd.push(apart(`A line has ${cells.length} cells and the heading ${head.length}.`, cells.join("\t")))
      continue
    }
    const line = Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ""]))
    if (index === rest.length - 1 && isTotal(cells[0])) return Option.some({ head, lines, odd, total: line })
    lines.push(line)
  }
  return Option.some({ head, lines, odd })
}

/** Reads a table of cells. Absent when it is not complete. */
export const table = (text: string, writing: Writing = {}): Option.Option<Table> => {
  const separator = writing.separator ?? separatorOf(text)
  return Option.flatMap(records(text, { ...writing, separator }), (all) => fromRecords(all, /[\r\n]\s*$/.test(text)))
}

const fromList = (items: ReadonlyArray<unknown>): Table => {
  const lines: Array<Line> = []
  const odd: Array<Quarantined> = []
  for (const item of items) {
    const line = decodeLine(item)
    if (Option.isSome(line)) lines.push(line.value)
    else odd.push(apart("A line is no object.", item))
  }
  return { head: Object.keys(lines[0] ?? {}), lines, odd }
}

/** A list, or an object that holds exactly one list. */
const fromJson = (json: unknown): Option.Option<Table> => {
  if (Array.isArray(json)) return Option.some(fromList(json))
  const lists = Object.values(json ?? {}).filter((one): one is ReadonlyArray<unknown> => Array.isArray(one))
  return lists.length === 1 ? Option.some(fromList(lists[0] ?? [])) : Option.none()
}

/** A JSON object a line. The last one that cannot be read means that the file is cut. */
const fromJsonLines = (text: string): Option.Option<Table> => {
  const all = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "")
  const parsed = all.map((line) => Option.getOrElse(Json.parse(line), () => line))
  return typeof parsed.at(-1) === "string" || parsed.every((one) => typeof one === "string")
    ? Option.none()
    : Option.some(fromList(parsed))
}

/** Reads a whole file. Absent when it is not complete or none of the known forms; an empty list is a list. */
export const read = (text: string): Option.Option<Table> => {
  const start = text.trimStart()
  if (start === "" || start.startsWith("<")) return Option.none()
  if (!start.startsWith("[") && !start.startsWith("{")) return table(start)
  const json = Json.parse(start)
  if (Option.isSome(json)) {
    const whole = fromJson(json.value)
    // One line of a file of lines is JSON as a whole.
    return Option.isSome(whole) || Array.isArray(json.value) ? whole : fromSingle(json.value)
  }
  return start.startsWith("{") ? fromJsonLines(start) : Option.none()
}

/** An object without a list may be a line by itself; an error is none, nor what holds several lists. */
const fromSingle = (value: unknown): Option.Option<Table> => {
  const line = decodeLine(value)
  const isError =
    Option.isSome(line) && Object.keys(line.value).some((name) => /^(?:errors?|message|code)$/i.test(name))
  const hasLists = Option.isSome(line) && Object.values(line.value).some(Array.isArray)
  return Option.isNone(line) || isError || hasLists || Object.keys(line.value).length === 0
    ? Option.none()
    : Option.some(fromList([value]))
}

/** How names are compared: letters and digits, in any case. */
export const folded = (name: string): string =>
  name
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "")

/**
 * A line under the names that were asked for, whatever case and signs the file writes them with; other names stay.
 */
export const renamed = (head: ReadonlyArray<string>, known: ReadonlyArray<string>): ((line: Line) => Line) => {
  const names = new Map(known.filter((name) => !head.includes(name)).map((name) => [folded(name), name]))
  const changed = head.filter((name) => names.has(folded(name)))
  if (changed.length === 0) return (line) => line
  return (line) =>
    Object.fromEntries(Object.entries(line).map(([name, value]) => [names.get(folded(name)) ?? name, value]))
}
