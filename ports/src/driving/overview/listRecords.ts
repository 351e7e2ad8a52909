/** Everything on record, whatever it is: changes, reads of tokens and security events in one list by their instants. */
import type { Access, Aggregate } from "@portolan/domain"
import { DateTime, Effect, Schema } from "effect"
import type { SecurityEvent, TokenRead } from "../../driven/AuditLog.ts"
import { bounded, InvalidCursor, type Page, type PageRequest } from "../../driven/Page.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { forEachSideBySide } from "../shared/sideBySide.ts"

type AuditDeps = Deps<"auditLog" | "eventLog">

/** Something on record. */
export type Record =
  | { readonly _tag: "Change"; readonly change: Aggregate.Recorded }
  | { readonly _tag: "TokenRead"; readonly read: TokenRead }
  | { readonly _tag: "Security"; readonly event: SecurityEvent }

const tags = ["Change", "TokenRead", "Security"] as const

/** What of the records a list has. */
export type RecordTag = (typeof tags)[number]

const atOf = (record: Record): DateTime.Utc => {
  switch (record._tag) {
    case "Change":
      return record.change.at
    case "TokenRead":
      return record.read.at
    case "Security":
      return record.event.at
  }
}

/** Where each list goes on: a cursor of its own; empty at its beginning, absent at its end. */
const Places = Schema.fromJsonString(Schema.Record(Schema.Literals(tags), Schema.optionalKey(Schema.String)))
const decodePlaces = Schema.decodeUnknownEffect(Places)

type Places = { readonly [T in RecordTag]?: string }

const placesOf = (cursor: string | undefined, included: ReadonlyArray<RecordTag>) =>
  cursor === undefined
    ? Effect.succeed<Places>(Object.fromEntries(included.map((tag) => [tag, ""])))
    : Effect.mapError(decodePlaces(fromBase64(cursor)), () => new InvalidCursor())

const toBase64 = (text: string): string => btoa(text).replaceAll("+", "-").replaceAll("/", "_")

const fromBase64 = (text: string): string => {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"))
  } catch {
    return ""
  }
}

const pageOf = (cursor: string, limit: number): PageRequest => (cursor === "" ? { limit } : { limit, cursor })

const mapped = <A>(page: Page<A>, of: (item: A) => Record): Page<Record> => ({ ...page, items: page.items.map(of) })

const reads = ({ auditLog, eventLog }: AuditDeps, { organizationId }: Access.Caller, page: PageRequest) => ({
  Change: () =>
    Effect.map(eventLog.all(organizationId, {}, page), (found) =>
      mapped(found, (change) => ({ _tag: "Change", change }))
    ),
  TokenRead: () =>
    Effect.map(auditLog.tokenReads(organizationId, {}, page), (found) =>
      mapped(found, (read) => ({ _tag: "TokenRead", read }))
    ),
  Security: () =>
    Effect.map(auditLog.securityEvents(organizationId, page), (found) =>
      mapped(found, (event) => ({ _tag: "Security", event }))
    )
})

/**
 * Lists what is on record, the latest first: of one kind or of several. For owners and admins. What is recorded while a
 * list is read may appear on two of its pages.
 */
export const records = Effect.fn("Audit.records")(function* (
  deps: AuditDeps,
  caller: Access.Caller,
  included: ReadonlyArray<RecordTag>,
  page: Omit<PageRequest, "countUpTo">
) {
  yield* AccessScope.requireUnrestricted(caller, "administer")
  const { limit } = bounded(page)
  const places = yield* placesOf(page.cursor, included)
  const open = tags.filter((tag) => places[tag] !== undefined)
  const lists = yield* forEachSideBySide(open, (tag) =>
    Effect.map(reads(deps, caller, pageOf(places[tag] ?? "", limit))[tag](), (found) => ({ tag, found }))
  )
  const items = lists
    .flatMap(({ found }) => found.items)
    .toSorted((one, other) => DateTime.toEpochMillis(atOf(other)) - DateTime.toEpochMillis(atOf(one)))
    .slice(0, limit)
  const next: { [T in RecordTag]?: string } = {}
  const shownOf = (tag: RecordTag) => items.filter(({ _tag }) => _tag === tag).length
  // A list that was cut is asked for the place of the cut.
  const cuts = new Map(
    yield* forEachSideBySide(
      lists.filter(({ found, tag }) => shownOf(tag) > 0 && shownOf(tag) < found.items.length),
      ({ tag }) =>
        Effect.map(
          reads(deps, caller, pageOf(places[tag] ?? "", shownOf(tag)))[tag](),
          ({ next: at }) => [tag, at] as const
        )
    )
  )
  for (const { found, tag } of lists) {
    const shown = shownOf(tag)
    const cut = cuts.get(tag)
    // A list that was shown to its end goes on where its page says.
    if (shown === 0) {
      if (found.items.length > 0) next[tag] = places[tag] ?? ""
    } else if (shown < found.items.length) {
      if (cut !== undefined) next[tag] = cut
    } else if (found.next !== undefined) next[tag] = found.next
  }
  const unreadable = lists.flatMap(({ found }) => found.unreadable ?? [])
  return {
    items,
    ...(Object.keys(next).length === 0 ? {} : { next: toBase64(JSON.stringify(next)) }),
    ...(unreadable.length === 0 ? {} : { unreadable })
  } satisfies Page<Record>
})
