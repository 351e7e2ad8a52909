/** The rows of a file of tokens: JSON lines, or CSV with a header line (https://www.rfc-editor.org/rfc/rfc4180). */

/** One token of a file, as `POST /v1/grants` takes it. */
export interface TokenRow {
  readonly connectionId: string
  readonly refreshToken: string
  readonly grantor?: string
  readonly expiresAt?: string
  readonly confirmed?: boolean
}

/** A line of a file: its number from 1, and the row, or what is wrong with it. The words never repeat a value. */
export interface Line {
  readonly line: number
  readonly row: TokenRow | { readonly odd: string }
}

const known = ["connectionId", "refreshToken", "grantor", "expiresAt", "confirmed"] as const
type Field = (typeof known)[number]
const isKnown = (name: string): name is Field => known.some((one) => one === name)

type Fields = { readonly [F in Field]?: unknown }

const textOf = (value: unknown): string => (typeof value === "string" ? value.trim() : "")

const rowOf = (fields: Fields): Line["row"] => {
  const [connectionId, refreshToken] = [textOf(fields.connectionId), textOf(fields.refreshToken)]
  if (connectionId === "") return { odd: "connectionId is missing" }
  if (refreshToken === "") return { odd: "refreshToken is missing" }
  const [grantor, expiresAt] = [textOf(fields.grantor), textOf(fields.expiresAt)]
  const isConfirmed = fields.confirmed === true || textOf(fields.confirmed).toLowerCase() === "true"
  return {
    connectionId,
    refreshToken,
    ...(grantor === "" ? {} : { grantor }),
    ...(expiresAt === "" ? {} : { expiresAt }),
    ...(isConfirmed ? { confirmed: true } : {})
  }
}

const jsonLine = (text: string): Line["row"] => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== "object" || value === null || Array.isArray(value)) return { odd: "it is no JSON object" }
    return rowOf(value)
  } catch {
    // The parser's own message repeats a part of the line.
    return { odd: "it is no JSON" }
  }
}

/** The cells of a line of CSV; undefined where quotes do not close. */
const cells = (text: string): ReadonlyArray<string> | undefined => {
  const found: Array<string> = []
  const pattern = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/gy
  for (;;) {
    const match = pattern.exec(text)
    if (match === null) return undefined
    found.push((match[1] ?? match[2] ?? "").replaceAll('""', '"'))
    if (match[3] === "") return found
  }
}

const csvLine = (header: ReadonlyArray<string>, text: string): Line["row"] => {
  const values = cells(text)
  if (values === undefined) return { odd: "its quotes do not close" }
  if (values.length !== header.length) return { odd: `it has ${values.length} cells, the header ${header.length}` }
  return rowOf(Object.fromEntries(header.map((name, index) => [name, values[index]])))
}

/** Reads a file of tokens. Gives what is wrong with the whole of it, or its lines; empty ones are passed over. */
export const readRows = (text: string): ReadonlyArray<Line> | { readonly unreadable: string } => {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((one, index) => ({ line: index + 1, text: one }))
    .filter((one) => one.text.trim() !== "")
  const [first, ...rest] = lines
  if (first === undefined) return { unreadable: "The file is empty." }
  if (first.text.trimStart().startsWith("{")) return lines.map(({ line, text: one }) => ({ line, row: jsonLine(one) }))
  const header = cells(first.text)?.map((name) => name.trim()) ?? []
  const missing = ["connectionId", "refreshToken"].filter((name) => !header.includes(name))
  if (missing.length > 0) return { unreadable: `The header line lacks ${missing.join(" and ")}.` }
  const strange = header.filter((name) => !isKnown(name)).length
  if (strange > 0) return { unreadable: `The header line may name ${known.join(", ")}, and nothing else.` }
  return rest.map(({ line, text: one }) => ({ line, row: csvLine(header, one) }))
}
