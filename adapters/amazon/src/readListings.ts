/**
 * Reads a listings report: tab separated text, a line of headings, then a listing a line. Amazon quotes nothing in it,
 * so a quote is only a quote.
 */
import { type Day, Failure, Marketplace } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Charset, type Download, Quarantine, Rows, Table, Values } from "@portolan/wire"
import { Option, Result } from "effect"
import * as Headings from "./listingHeadings.ts"
import type * as Settings from "./Settings.ts"

/** What of the settings says how such a report is written. */
export type Assumptions = Pick<Settings.Assumptions, "listingKeys" | "listingCharsets">

type Answer = Result.Result<ProviderApi.WindowAnswer, Failure.Temporary | Failure.RequestRefused>

const what = "the listings report"

/** Countries that write `12,99`, where a report is in the language of the country (https://cldr.unicode.org). */
const decimalComma = new Set(["BE", "BR", "DE", "ES", "FR", "IT", "NL", "PL", "SE", "TR"])

const refused = (detail: string, message?: string) =>
  Result.fail(
    new Failure.RequestRefused({
      detail: `${what} ${detail}`,
      beyondRetention: false,
      ...(message === undefined ? {} : { words: Failure.providerWords({ message }) })
    })
  )

/** A price without the signs of a country; what is no number stays as it is, because it identifies nothing. */
const plainPrice = (value: string, form: Values.Form): string => Option.getOrNull(Values.decimal(value, form)) ?? value

interface Place {
  readonly day: Day.Day
  readonly countryCode: string
}

const cellOf = (value: Table.Line[string] | undefined): string => (typeof value === "string" ? value : "")

/** Reads the text of a report, for listings as they are on a day. */
export const readLines = (text: string, assumptions: Pick<Assumptions, "listingKeys">, place: Place): Answer => {
  if (Table.isBlank(text)) return Result.succeed(Rows.empty("the listings report is an empty file"))
  const table = Table.table(text, { separator: "\t", isQuoted: false })
  if (Option.isNone(table)) {
    return Result.fail(new Failure.Temporary({ detail: `${what} was cut within a line`, throttled: false }))
  }
  const { head, lines, odd } = table.value
  const { isEnglish, names, sku } = Headings.read(head, assumptions.listingKeys)
  if (sku === undefined) {
    const found = head.join(" | ")
    return refused("has no column that is known to identify a listing; see its headings", Quarantine.raw(found))
  }
  const form: Values.Form = { hasDecimalComma: !isEnglish && decimalComma.has(place.countryCode) }
  const rows: Array<ProviderApi.Row> = []
  const apart = [...odd]
  for (const line of lines) {
    const cells = head.map((name) => cellOf(line[name]))
    const key = cells[sku]?.trim() ?? ""
    if (key === "") {
      apart.push(Quarantine.apart("A line has no seller's number (SKU).", cells.join("\t")))
      continue
    }
    const data = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]))
    const price = data["price"]
    rows.push({
      key: Rows.key(key),
      day: place.day,
      data: price === undefined ? data : { ...data, price: plainPrice(price, form) }
    })
  }
  return Rows.land({ what, rows, odd: apart, twice: "apart" })
}

/** Character sets of languages in which reports were seen; one counts only where it makes a heading that is known. */
const otherCharsets = ["shift_jis", "gb18030", "windows-1250", "windows-1252", "windows-1254", "windows-1256"]

const headOf = (text: string): string => /^[^\r\n]*/.exec(text)?.[0] ?? ""

const isKnown = (text: string): boolean => Headings.read(headOf(text).split("\t")).names.includes("seller-sku")

/** Whether a heading has letters that differ from set to set, so that reading it right proves the set. */
const isTelling = (text: string): boolean => /[\u0080-\uffff]/.test(headOf(text))

/**
 * The text of a report. A seller's language may be another than the marketplace's, so of the sets that fit, the one
 * counts that makes a known heading; else the set that the file names, or the marketplace's.
 */
const textOf = ({ bytes, charset }: Download.File, usual: string | undefined): string | undefined => {
  const own = Charset.readings(bytes, [charset, usual])
  const others = Charset.readings(bytes, otherCharsets).filter(isTelling)
  return [...own, ...others].find(isKnown) ?? own[0]
}

/** Reads a downloaded report of one marketplace, in the character set that is the account's. */
export const readListings = (
  file: Download.File,
  assumptions: Assumptions,
  request: Pick<ProviderApi.WindowRequest, "from" | "profile">
): Answer => {
  const { marketplaceId } = request.profile.key
  const text = textOf(file, assumptions.listingCharsets[marketplaceId])
  if (text === undefined) return refused("is in a character set that is not known for this marketplace")
  const countryCode = Option.match(Marketplace.find(marketplaceId), {
    onNone: () => "",
    onSome: (marketplace) => marketplace.countryCode
  })
  return readLines(text, assumptions, { day: request.from, countryCode })
}
