/** Entries of a chain with their records, as they are exported. */
import type { Id } from "@portolan/domain"
import type { AuditLog } from "@portolan/ports"
import type { Trx } from "../Store.ts"
import { type ChainRow, entriesAfter, readsBetween, type Records, recordsOf } from "./rows.ts"

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")

/** Entries of a page of an export. */
const pageSize = 50

/** The record of an entry, with the JSON that it holds as text: digests are over that text. */
const recordOf = async (
  trx: Trx,
  organizationId: Id.OrganizationId,
  { place, source }: ChainRow,
  records: Records
): Promise<unknown> => {
  switch (source) {
    case "event":
      return records.events.get(place)
    case "security":
      return records.security.get(place)
    case "erasure":
      return records.erasures.get(place)
    case "token-reads": {
      const batch = records.batches.get(place)
      const [first, last] = [batch?.ids[0], batch?.ids.at(-1)]
      if (batch === undefined || first === undefined || last === undefined) return undefined
      const between = { after: first - 1, upTo: last, limit: batch.ids.length }
      return { ...batch, digests: hex(batch.digests), reads: await readsBetween(trx, organizationId, between) }
    }
  }
}

/** The entries after one, with their records. */
export const entriesPage = async (
  trx: Trx,
  organizationId: Id.OrganizationId,
  after: number
): Promise<ReadonlyArray<AuditLog.Entry>> => {
  const entries = await entriesAfter(trx, organizationId, after, pageSize)
  const records = await recordsOf(trx, organizationId, entries)
  const page: Array<AuditLog.Entry> = []
  for (const entry of entries) {
    const { digest, link, place, sequence, source } = entry
    const record = await recordOf(trx, organizationId, entry, records)
    page.push({
      sequence,
      source,
      place,
      digest: hex(digest),
      link: hex(link),
      ...(record === undefined ? {} : { record })
    })
  }
  return page
}
