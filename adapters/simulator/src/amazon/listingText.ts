/**
 * The listings report as a file: headings in the language that the seller chose, in the character set of the place
 * (https://github.com/amzn/selling-partner-api-docs/issues/198,
 * https://github.com/amzn/selling-partner-api-docs/issues/2086).
 */
import type { Policy } from "../core/World.ts"

type Language = Policy["spReportLanguage"]
type Charset = Policy["spReportCharset"]

/** Item, seller's number, ASIN, quantity and state, as reports in each language were seen to name them. */
const headings: { readonly [L in Language]: ReadonlyArray<string> } = {
  en: ["item-name", "seller-sku", "asin1", "quantity", "status"],
  de: ["Artikelbezeichnung", "Händler-SKU", "ASIN 1", "Menge", "Status"],
  fr: ["nom-produit", "sku-vendeur", "asin1", "quantité", "état"],
  it: ["Nome dell'articolo", "SKU venditore", "ASIN 1", "Quantità", "stato"],
  es: ["Título del producto", "SKU del vendedor", "ASIN 1", "Cantidad", "estado"],
  ja: ["商品名", "出品者SKU", "ASIN 1", "数量", "ステータス"],
  zh: ["商品名称", "卖家 SKU", "ASIN1", "数量", "状态"]
}

/** The line of headings. */
export const head = (language: Language): ReadonlyArray<string> => headings[language]

const tables = new Map<Charset, ReadonlyMap<string, ReadonlyArray<number>>>()

/** Every character of a set of one or two bytes, with its bytes, by what the set's decoder makes of them. */
const tableOf = (charset: Charset): ReadonlyMap<string, ReadonlyArray<number>> => {
  const known = tables.get(charset)
  if (known !== undefined) return known
  const decoder = new TextDecoder(charset)
  const table = new Map<string, ReadonlyArray<number>>()
  const add = (...bytes: ReadonlyArray<number>) => {
    const [character = "", ...more] = decoder.decode(new Uint8Array(bytes))
    if (more.length === 0 && character !== "\ufffd" && !table.has(character)) table.set(character, bytes)
  }
  for (let first = 0; first < 256; first += 1) add(first)
  if (charset === "shift_jis") {
    for (let first = 0x81; first < 0xfd; first += 1)
      for (let second = 0x40; second < 0xfd; second += 1) add(first, second)
  }
  tables.set(charset, table)
  return table
}

/** The bytes of a text; what a character set does not have becomes a question mark. */
export const encode = (text: string, charset: Charset): Uint8Array => {
  if (charset === "utf-8") return new TextEncoder().encode(text)
  const table = tableOf(charset)
  return new Uint8Array(Array.from(text).flatMap((character) => table.get(character) ?? [0x3f]))
}
