/**
 * Values of cells in the forms in which providers write them: numbers with the signs of a country, days in several
 * spellings. What is none gives nothing, so that a row with it is kept apart instead of being landed as zero.
 */
import { Day } from "@portolan/domain"
import { DateTime, Option, Schema } from "effect"

/** How a text is written where the account is. */
export interface Form {
  /** Whether `1,234` is one and a bit, as on the continent, and not one thousand two hundred and thirty-four. */
  readonly hasDecimalComma?: boolean
  /** Whether the month comes first in `07/03/2026`. */
  readonly hasMonthFirst?: boolean
  /** IANA zone in which an instant belongs to a day. */
  readonly timeZone?: string
}

/** Spellings of "nothing here". */
const isNothing = (text: string): boolean => /^(?:|-+|—|n\/?a|null|none|nil|undefined)$/i.test(text)

const plain = /^-?\d+(?:\.\d+)?$/
/** Groups of three, by any of the signs that part them, and at most one other sign before the decimals. */
const grouped = /^-?\d{1,3}(?:([.,'’ \u00a0\u202f])\d{3})+(?:[.,]\d+)?$/

const fromScientific = (text: string): string | undefined => {
  const parts = /^(-?)(\d+)(?:\.(\d+))?e([+-]?\d{1,2})$/i.exec(text)
  if (parts === null) return undefined
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts
  const shift = Number(exponent)
  const digits = `${whole}${fraction}`
  const point = whole.length + shift
  const padded = point <= 0 ? `${"0".repeat(1 - point)}${digits}` : digits.padEnd(point, "0")
  const at = point <= 0 ? 1 : point
  const [before, after] = [padded.slice(0, at).replace(/^0+(?=\d)/, ""), padded.slice(at)]
  return `${sign}${before}${after === "" ? "" : `.${after}`}`
}

const separated = (text: string, hasDecimalComma: boolean): string | undefined => {
  const [dots, commas] = [text.split(".").length - 1, text.split(",").length - 1]
  if (dots > 0 && commas > 0) {
    const decimal = text.lastIndexOf(",") > text.lastIndexOf(".") ? "," : "."
    const group = decimal === "," ? "." : ","
    const whole = grouped.test(text) && text.split(decimal).length === 2
    return whole ? text.replaceAll(group, "").replace(decimal, ".") : undefined
  }
  if (commas > 1 || dots > 1) return grouped.test(text) ? text.replaceAll(/[.,]/g, "") : undefined
  if (commas === 0) return plain.test(text) ? text : undefined
  if (!/^-?\d+,\d+$/.test(text)) return undefined
  const isGroup = !hasDecimalComma && /^-?\d{1,3},\d{3}$/.test(text)
  return text.replace(",", isGroup ? "" : ".")
}

/**
 * A decimal number as text with a full stop, every digit kept; null when the cell says that there is none. Nothing for
 * what is no number: `NaN`, an object, words.
 */
export const decimal = (value: unknown, { hasDecimalComma = false }: Form = {}): Option.Option<string | null> => {
  if (value === null || value === undefined) return Option.some(null)
  if (typeof value === "number") return decimal(String(value))
  if (typeof value !== "string") return Option.none()
  const text = value.trim()
  if (isNothing(text)) return Option.some(null)
  if (plain.test(text)) return Option.some(text)
  const isNegative = /^\(.+\)$/.test(text) || /^[-−]/.test(text) || /[-−]$/.test(text)
  const bare = text
    .replaceAll(/[()−]|^-|-$|^\+/g, "")
    .replaceAll(/[\p{Sc}'’\s\u00a0\u202f]/gu, "")
    .replace(/^[A-Z]{3}(?=\d)|(?<=\d)[A-Z]{3}$/, "")
  const found = fromScientific(bare) ?? separated(bare, hasDecimalComma)
  return Option.map(Option.fromUndefinedOr(found), (number) => (isNegative ? `-${number}` : number))
}

/** A whole number; null when the cell says that there is none. Nothing for what is none, or has decimals that count. */
export const count = (value: unknown, form: Form = {}): Option.Option<number | null> =>
  Option.flatMap(decimal(value, form), (text) => {
    if (text === null) return Option.some(null)
    const whole = /^(-?\d{1,15})(?:\.0+)?$/.exec(text)?.[1]
    return whole === undefined ? Option.none() : Option.some(Number(whole))
  })

/** The sum of two decimal numbers, exactly. */
export const plus = (one: string, other: string): string => {
  const places = Math.max(...[one, other].map((text) => text.split(".")[1]?.length ?? 0))
  const scaled = (text: string) => {
    const [whole = "0", fraction = ""] = text.split(".")
    return BigInt(`${whole}${fraction.padEnd(places, "0")}`)
  }
  const total = scaled(one) + scaled(other)
  const digits = String(total < 0n ? -total : total).padStart(places + 1, "0")
  const fraction = places === 0 ? "" : `.${digits.slice(-places)}`
  return `${total < 0n ? "-" : ""}${digits.slice(0, digits.length - places)}${fraction}`
}

const decodeDay = Schema.decodeUnknownOption(Day.Day)
const dayOf = (year: string, month: string, date: string): Option.Option<Day.Day> =>
  decodeDay(`${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}`)

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ")

const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value).trim() : ""

const instantOf = (text: string): Option.Option<DateTime.Utc> => {
  if (/^\d{13}$/.test(text)) return DateTime.make(Number(text))
  if (/^\d{10}$/.test(text)) return DateTime.make(Number(text) * 1000)
  const hasZone = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text)
  // Not every engine reads an offset without a colon, or a blank in place of the T.
  const iso = text.replace(" ", "T").replace(/([+-]\d{2})(\d{2})$/, "$1:$2")
  return hasZone ? Option.map(DateTime.make(iso), DateTime.toUtc) : Option.none()
}

/**
 * The instant of a text: milliseconds or seconds since 1970, or a date and time with its offset. A time without one is
 * of `timeZone`, where that is given.
 */
export const instant = (value: unknown, { timeZone }: Form = {}): Option.Option<DateTime.Utc> => {
  const text = textOf(value)
  const known = instantOf(text)
  const isLocal = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(text)
  if (Option.isSome(known) || !isLocal || timeZone === undefined) return known
  return Option.map(
    DateTime.makeZoned(`${text.replace(" ", "T")}Z`, {
      timeZone,
      adjustForTimeZone: true,
      disambiguation: "compatible"
    }),
    DateTime.toUtc
  )
}

/**
 * The day that a cell names: `2026-03-07`, `20260307`, `07.03.2026`, `7 Mar 2026`, with slashes in the order of the
 * form where the numbers leave a choice, or an instant, which belongs to the day that it falls on in the zone.
 */
export const day = (value: unknown, form: Form = {}): Option.Option<Day.Day> => {
  const text = textOf(value)
  const at = instantOf(text)
  if (Option.isSome(at)) return Option.some(Day.at(at.value, form.timeZone ?? "UTC"))
  // A time of day without an offset is of the place whose day it names.
  const iso = /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ]\d{2}:\d{2}.*)?$/.exec(text)
  if (iso !== null) return dayOf(iso[1] ?? "", iso[2] ?? "", iso[3] ?? "")
  const words = /^(?:(\d{1,2})[ .-]+([a-z]{3})[a-z]*\.?|([a-z]{3})[a-z]*\.?[ -]+(\d{1,2}))[, -]+(\d{4})$/i.exec(text)
  if (words !== null) {
    const month = months.indexOf((words[2] ?? words[3] ?? "").toLowerCase()) + 1
    return dayOf(words[5] ?? "", String(month), words[1] ?? words[4] ?? "")
  }
  const parts = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$/.exec(text)
  if (parts === null) return Option.none()
  const [, first = "", sign, second = "", year = ""] = parts
  const isMonthFirst = sign === "/" && (form.hasMonthFirst === true ? Number(first) <= 12 : Number(second) > 12)
  return isMonthFirst ? dayOf(year, first, second) : dayOf(year, second, first)
}
