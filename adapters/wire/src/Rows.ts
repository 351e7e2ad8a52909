/** Rows as they will be landed. */
import type { ProviderApi } from "@portolan/ports"
import type { Schema } from "effect"

// PostgreSQL's jsonb takes neither NUL nor a lone surrogate, and sellers' product names contain both now and then.
const storableText = (text: string): string => text.replaceAll("\u0000", "").toWellFormed()

const storable = (value: Schema.Json): Schema.Json => {
  if (typeof value === "string") return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  return typeof value === "object" && value !== null ? record(value as { readonly [name: string]: Schema.Json }) : value
}

const record = (data: { readonly [name: string]: Schema.Json }): { readonly [name: string]: Schema.Json } =>
  Object.fromEntries(Object.entries(data).map(([name, value]) => [storableText(name), storable(value)]))

/**
 * Keeps the last row of each key, so that a repeated fact within one answer is one row, and takes out of every text
 * what databases refuse to store.
 */
export const unique = (rows: Iterable<ProviderApi.Row>): ReadonlyArray<ProviderApi.Row> => {
  const byKey = new Map<string, ProviderApi.Row>()
  for (const row of rows) byKey.set(row.key, { ...row, data: record(row.data) })
  return [...byKey.values()]
}

/** One key from several names; names may contain anything, the separator included. */
export const key = (...parts: ReadonlyArray<string>): string =>
  parts.map((part) => encodeURIComponent(part.toWellFormed())).join("/")
