/** Rows as they will be landed: fit to be stored, each key once, and what could not be read beside them. */
import { type Day, Failure, given } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Option, Result, type Schema } from "effect"
import * as Quarantine from "./Quarantine.ts"
import * as Values from "./Values.ts"

type Row = ProviderApi.Row

// PostgreSQL's jsonb takes neither NUL nor a lone surrogate, and sellers' product names contain both now and then.
const storableText = (text: string): string => text.replaceAll("\u0000", "").toWellFormed()

const storable = (value: Schema.Json): Schema.Json => {
  if (typeof value === "string") return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  return typeof value === "object" && value !== null ? record(value as { readonly [name: string]: Schema.Json }) : value
}

const record = (data: { readonly [name: string]: Schema.Json }): { readonly [name: string]: Schema.Json } =>
  Object.fromEntries(Object.entries(data).map(([name, value]) => [storableText(name), storable(value)]))

/** What a whole answer holds. */
export interface Landing {
  /** What it is, at the beginning of a refusal: `getReport`. */
  readonly what: string
  readonly rows: Iterable<Row>
  readonly odd?: ReadonlyArray<Quarantine.Quarantined>
  readonly missing?: ReadonlyArray<Day.Day>
  /** The provider's words of the answer, for a refusal. */
  readonly words?: Failure.ProviderWords
  /**
   * What two different rows of one key mean. `refuse`: the figures are wrong, whichever is taken. `apart`: nobody knows
   * which of them holds, and the others are none the worse. A function adds them up, because the provider's rows are
   * finer than our key; undefined where they cannot be added.
   */
  readonly twice: "apart" | "refuse" | ((one: Row, other: Row) => Row | undefined)
}

/** Whether two rows say the same, whatever the order of their fields. */
const isSame = (one: Schema.Json, other: Schema.Json): boolean => {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other
  const [names, others] = [Object.keys(one), Object.keys(other)]
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === others.length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(fieldOf(one, name), fieldOf(other, name)))
  )
}

const fieldOf = (value: object, name: string): Schema.Json =>
  (value as { readonly [name: string]: Schema.Json })[name] ?? null

interface Merged {
  readonly rows: ReadonlyArray<Row>
  /** The rows of keys that occur more than once and say different things. */
  readonly clashes: ReadonlyMap<string, ReadonlyArray<Row>>
}

const merge = ({ rows, twice }: Pick<Landing, "rows" | "twice">): Merged => {
  const found = new Map<string, Row>()
  const clashes = new Map<string, Array<Row>>()
  for (const given of rows) {
    const row = { ...given, data: record(given.data) }
    const before = found.get(row.key)
    const clash = clashes.get(row.key)
    if (clash !== undefined) clash.push(row)
    else if (before === undefined) found.set(row.key, row)
    else if (typeof twice === "function") {
      const sum = twice(before, row)
      if (sum === undefined) clashes.set(row.key, [before, row])
      else found.set(row.key, sum)
    } else if (before.day !== row.day || !isSame(before.data, row.data)) clashes.set(row.key, [before, row])
  }
  for (const key of clashes.keys()) found.delete(key)
  return { rows: [...found.values()], clashes }
}

const refused = (detail: string, { words }: Landing) =>
  Result.fail(new Failure.RequestRefused({ detail, beyondRetention: false, ...given({ words }) }))

/**
 * The answer with these rows. Refused where too much of it is odd, or where rows contradict each other in figures: a
 * window never lands a wrong sum in silence.
 */
export const land = (landing: Landing): Result.Result<ProviderApi.WindowAnswer, Failure.RequestRefused> => {
  const { missing = [], odd = [], twice, what } = landing
  const { clashes, rows } = merge(landing)
  const [first] = clashes
  if (first !== undefined && twice !== "apart")
    return refused(`${what}: two rows of the key ${first[0].slice(0, 120)} contradict each other`, landing)
  const apart = [...odd, ...Array.from(clashes, ([key, all]) => contradiction(key, all))]
  if (Quarantine.isTooMuch(apart.length, rows.length + apart.length)) {
    const all = rows.length + apart.length
    return refused(`${what}: ${apart.length} of ${all} rows cannot be read; ${apart[0]?.reason ?? ""}`, landing)
  }
  return Result.succeed({
    _tag: "Rows",
    rows,
    ...(apart.length === 0 ? {} : { quarantined: apart }),
    ...(missing.length === 0 ? {} : { missing })
  })
}

const contradiction = (key: string, rows: ReadonlyArray<Row>): Quarantine.Quarantined =>
  Quarantine.apart(
    `${rows.length} rows of one key contradict each other.`,
    JSON.stringify(rows.map(({ data }) => data)),
    key
  )

/** The answer that only looks empty; `how` says what it was. */
export const empty = (how: string): ProviderApi.WindowAnswer => ({ _tag: "Empty", how, rows: [] })

/** One key from several names; names may contain anything, the separator included. */
export const key = (...parts: ReadonlyArray<string>): string =>
  parts.map((part) => encodeURIComponent(part.toWellFormed())).join("/")

/** What a column of figures holds: how many, or how much. Others are the same in every row of a key. */
export type Figure = "count" | "amount"

const plus = (figure: Figure, one: Schema.Json, other: Schema.Json): Schema.Json | undefined => {
  if (one === null || other === null) return one ?? other
  if (figure === "count") return typeof one === "number" && typeof other === "number" ? one + other : undefined
  return typeof one === "string" && typeof other === "string" ? Values.plus(one, other) : undefined
}

/** Adds the figures of two rows of one key; undefined where another column differs, because nobody can add that. */
export const adding =
  (figureOf: (column: string) => Figure | undefined) =>
  (one: Row, other: Row): Row | undefined => {
    const data: { [column: string]: Schema.Json } = {}
    for (const column of new Set([...Object.keys(one.data), ...Object.keys(other.data)])) {
      const [left = null, right = null] = [one.data[column], other.data[column]]
      const figure = figureOf(column)
      const sum = figure === undefined ? undefined : plus(figure, left, right)
      if (sum === undefined && !isSame(left, right)) return undefined
      data[column] = sum ?? left
    }
    return one.day === other.day ? { ...one, data } : undefined
  }

/**
 * Reads the figures of a line: counts become numbers, amounts plain decimal text, everything else stays. Gives the
 * column that cannot be read, if there is one.
 */
export const figures = (
  line: { readonly [column: string]: Schema.Json },
  figureOf: (column: string) => Figure | undefined,
  form: Values.Form = {}
): Result.Result<Row["data"], string> => {
  const data: { [column: string]: Schema.Json } = {}
  for (const [column, value] of Object.entries(line)) {
    const figure = figureOf(column)
    const read: Option.Option<Schema.Json> =
      figure === "count" ? Values.count(value, form) : Values.decimal(value, form)
    if (figure !== undefined && Option.isNone(read)) return Result.fail(column)
    data[column] = figure === undefined ? value : Option.getOrNull(read)
  }
  return Result.succeed(data)
}

/**
 * The column whose figures do not add up to the file's own total; nothing when all agree. Counts agree exactly; amounts
 * may differ by what rounding each row makes.
 */
export const shortOf = (
  rows: ReadonlyArray<Row>,
  total: { readonly [column: string]: Schema.Json },
  figureOf: (column: string) => Figure | undefined
): string | undefined =>
  Object.keys(total).find((column) => {
    const expected = Option.getOrNull(Values.decimal(total[column]))
    if (figureOf(column) === undefined || expected === null) return false
    const sum = rows.reduce((all, { data }) => all + Number(data[column] ?? 0), 0)
    const slack = figureOf(column) === "count" ? 0 : 0.01 * (rows.length + 1)
    return Math.abs(sum - Number(expected)) > slack
  })
