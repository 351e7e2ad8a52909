/** Rows as they will be landed. */
import type { ProviderApi } from "@portolan/ports"

/** Keeps the last row of each key, so that a repeated fact within one answer is one row. */
export const unique = (rows: Iterable<ProviderApi.Row>): ReadonlyArray<ProviderApi.Row> => {
  const byKey = new Map<string, ProviderApi.Row>()
  for (const row of rows) byKey.set(row.key, row)
  return [...byKey.values()]
}

/** One key from several names; names may contain anything, the separator included. */
export const key = (...parts: ReadonlyArray<string>): string =>
  parts.map((part) => encodeURIComponent(part.toWellFormed())).join("/")
