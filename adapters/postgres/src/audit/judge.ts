/** Judges pages of a chain and their records; what is found is kept until the end is known. */
import type { Id } from "@portolan/domain"
import type { AuditLog } from "@portolan/ports"
import {
  type BatchRow,
  digestOfBatch,
  digestOfErasure,
  digestOfEvent,
  digestOfRead,
  digestOfSecurity,
  firstLink,
  nextLink,
  type ReadRow
} from "./digest.ts"
import type { ChainRow, EndRow, Records } from "./rows.ts"

/** A finding without its organization, which is always the same. */
export type Found = Omit<AuditLog.Finding, "organizationId">

/** What a verification has seen so far. */
export interface Seen {
  readonly organizationId: Id.OrganizationId
  /** What was erased by law, as `source place`. */
  readonly erased: ReadonlySet<string>
  readonly findings: Array<Found>
  /** Digests of entries, to recognize a record that was moved; bounded by `rememberLimit`. */
  readonly placeOf: Map<string, number>
  /** Records that are not what their entry says, to be recognized when all entries are known. */
  readonly odd: Array<{ readonly finding: Found; readonly digest: string }>
  readonly counts: { events: number; tokenReads: number; securityEvents: number; erased: number }
  link: Uint8Array
  sequence: number
  /** The last read of the last batch. */
  lastRead: number
}

/** What a verification has seen before it began. */
export const start = (organizationId: Id.OrganizationId, erased: ReadonlySet<string>): Seen => ({
  organizationId,
  erased,
  findings: [],
  placeOf: new Map(),
  odd: [],
  counts: { events: 0, tokenReads: 0, securityEvents: 0, erased: 0 },
  link: firstLink(organizationId),
  sequence: 0,
  lastRead: 0
})

/** Entries whose digests are remembered to tell a move from a change: some 150 bytes each. */
const rememberLimit = 1_000_000

const digestBytes = 32

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")
const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0

const tableOf = {
  event: "events",
  security: "security_events",
  "token-reads": "token_read_batches",
  erasure: "audit_erasures"
} as const

/** Follows the link of an entry. After a break it goes on from what is stored, so that each break is one finding. */
const follow = (seen: Seen, entry: ChainRow): void => {
  const broken = (row: number, detail: string): Found => ({
    fault: "chain-broken",
    table: "audit_chain",
    row: String(row),
    detail
  })
  const expected = seen.sequence + 1
  if (entry.sequence !== expected) {
    seen.findings.push(broken(expected, `the entries ${expected} to ${entry.sequence - 1} are gone`))
  } else if (!isSame(nextLink(seen.link, entry), entry.link)) {
    seen.findings.push(broken(entry.sequence, "the entry does not follow from the one before it"))
  }
  seen.link = entry.link
  seen.sequence = entry.sequence
}

interface Judged {
  /** The digest of the record as it is stored now; nothing where it is gone. */
  readonly actual: Buffer | undefined
  readonly source: string
  readonly table: string
}

/** Judges one record by the digest that its entry has. */
const judge = (seen: Seen, { digest, place }: Pick<ChainRow, "digest" | "place">, judged: Judged): void => {
  const { actual, source, table } = judged
  const row = String(place)
  if (seen.placeOf.size < rememberLimit) seen.placeOf.set(`${source} ${hex(digest)}`, place)
  if (actual === undefined) {
    if (seen.erased.has(`${source} ${place}`)) seen.counts.erased += 1
    else seen.findings.push({ fault: "removed", table, row, detail: "the row has an entry and is gone" })
  } else if (!isSame(actual, digest)) {
    const finding: Found = { fault: "altered", table, row, detail: "the row is not what was recorded" }
    seen.odd.push({ finding, digest: `${source} ${hex(actual)}` })
  }
}

const actualOf = ({ organizationId }: Seen, { place, source }: ChainRow, records: Records): Buffer | undefined => {
  switch (source) {
    case "event": {
      const row = records.events.get(place)
      return row && digestOfEvent(row)
    }
    case "security": {
      const row = records.security.get(place)
      return row && digestOfSecurity(row)
    }
    case "token-reads": {
      const row = records.batches.get(place)
      return row && digestOfBatch(organizationId, row)
    }
    case "erasure": {
      const row = records.erasures.get(place)
      return row && digestOfErasure(organizationId, row)
    }
  }
}

/** Judges the entries of a page and their records. */
export const judgePage = (seen: Seen, entries: ReadonlyArray<ChainRow>, records: Records): void => {
  for (const entry of entries) {
    follow(seen, entry)
    const { source } = entry
    if (source === "event") seen.counts.events += 1
    if (source === "security") seen.counts.securityEvents += 1
    judge(seen, entry, { actual: actualOf(seen, entry, records), source, table: tableOf[source] })
  }
}

/** Judges the reads of a batch, and those beside them that it does not have. */
export const judgeBatch = (seen: Seen, batch: BatchRow, rows: ReadonlyArray<ReadRow>): void => {
  const reads = new Map(rows.map((row) => [row.id, row]))
  for (const [index, id] of batch.ids.entries()) {
    const read = reads.get(id)
    const digest = batch.digests.subarray(index * digestBytes, (index + 1) * digestBytes)
    seen.counts.tokenReads += 1
    judge(
      seen,
      { digest, place: id },
      { actual: read && digestOfRead(read), source: "token-read", table: "token_reads" }
    )
    reads.delete(id)
  }
  for (const id of reads.keys()) {
    const detail = "the read is not in the batch that has the reads around it"
    seen.findings.push({ fault: "added", table: "token_reads", row: String(id), detail })
  }
  seen.lastRead = Math.max(seen.lastRead, batch.ids.at(-1) ?? 0)
}

/** Compares the end of the chain with its head, and with the counter of the history, which are kept apart from it. */
const endFindings = ({ organizationId: row }: Seen, end: EndRow): ReadonlyArray<Found> => {
  const found: Array<Found> = []
  const differs = (table: string, detail: string) => found.push({ fault: "head-differs", table, row, detail })
  const last = end.last_sequence ?? 0
  if (end.head_sequence === null || end.head_link === null) {
    if (last > 0) differs("audit_heads", "the chain has no head")
  } else if (end.head_sequence !== last) {
    differs("audit_heads", `the head counts ${end.head_sequence} entries, and the chain ends with entry ${last}`)
  } else if (end.last_link !== null && !isSame(end.head_link, end.last_link)) {
    differs("audit_heads", "the chain does not end with the link that the head has")
  }
  if (end.counted_events !== end.last_event) {
    differs(
      "histories",
      `the history counts ${end.counted_events} events, and the last one on the chain is ${end.last_event}`
    )
  }
  return found
}

/** Everything that is wrong, when the end is known. What is the record of another entry was moved. */
export const findingsOf = (seen: Seen, end: EndRow, strays: ReadonlyArray<Found>): ReadonlyArray<Found> => [
  ...seen.findings,
  ...seen.odd.map(({ digest, finding }): Found => {
    const place = seen.placeOf.get(digest)
    if (place === undefined || String(place) === finding.row) return finding
    return { ...finding, fault: "reordered", detail: `the row is what was recorded as row ${place}` }
  }),
  ...strays,
  ...endFindings(seen, end)
]
