/**
 * Consents that end, or have ended and wait for somebody to give them again: what the page, the list of the API, the
 * calendar and the daily mail are made from. It is read from the present state each time, so that a consent that was
 * renewed, and a connection that ended, are listed no more.
 */
import { type Access, Channel, Connection, type Grant, given, groupBy, type Id, type Stored } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { ConnectionFilter } from "../../driven/ConnectionFilter.ts"
import { type NotFound, type Page, pageLimit } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { forEachSideBySide, sideBySide } from "../shared/sideBySide.ts"

/** The most pages of connections that are read for one list. */
const pagesRead = 100

/** A connection whose consent ends. */
export interface Ending {
  readonly connection: Connection.Linked
  /** When the consent ends by itself; absent for one that the provider refuses and whose end was not known. */
  readonly expiresAt?: DateTime.Utc
  /** `ends`: it lies ahead; `ended`: it is over by its date; `lost`: the provider refuses it. */
  readonly state: "ends" | "ended" | "lost"
}

/** Which consents are listed. */
export interface EndingFilter extends Pick<ConnectionFilter, "companyId" | "accountId" | "channel"> {
  readonly expiresBefore: DateTime.Utc
}

/** Connections that were read, and records that this release cannot read. */
interface Found {
  readonly connections: Array<Connection.Present>
  readonly unreadable: Array<Stored.Unreadable>
}

const readAll = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  organizationId: Id.OrganizationId,
  filter: ConnectionFilter,
  found: Found
) {
  let cursor: string | undefined
  for (let turn = 0; turn < pagesRead; turn++) {
    const page: Page<Connection.Present> = yield* repository
      .connections(organizationId, filter, given({ limit: pageLimit, cursor }))
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))
    found.connections.push(...page.items)
    found.unreadable.push(...(page.unreadable ?? []))
    if (page.next === undefined) return
    cursor = page.next
  }
})

const endingOf = (connection: Connection.Linked, now: DateTime.Utc): Ending => {
  const { expiresAt } = connection.link
  const isLost = connection._tag === "ReauthorizationNeeded"
  const isOver = expiresAt !== undefined && DateTime.isGreaterThanOrEqualTo(now, expiresAt)
  const ahead = isOver ? "ended" : "ends"
  return { connection, state: isLost ? "lost" : ahead, ...given({ expiresAt }) }
}

/** The instant by which an ending is sorted: what is over comes first. */
export const sortedBy = ({ expiresAt, state }: Ending): number =>
  state === "lost" || expiresAt === undefined ? 0 : expiresAt.epochMilliseconds

const byEnd = (one: Ending, other: Ending): number =>
  sortedBy(one) - sortedBy(other) || (one.connection.id < other.connection.id ? -1 : 1)

/**
 * The consents that end before an instant or are lost already, of the accounts that the caller may see, what is over
 * first and then the nearest end. Access by an advertiser's partnership is no consent and is not among them. At most
 * 10,000 connections are read.
 */
export const endings = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  { expiresBefore, ...filter }: EndingFilter
): Effect.fn.Return<
  { readonly items: ReadonlyArray<Ending>; readonly unreadable: ReadonlyArray<Stored.Unreadable> },
  StoreError
> {
  const narrowed = { ...filter, ...(yield* AccessScope.limited(deps, caller)) }
  const found: Found = { connections: [], unreadable: [] }
  const { organizationId } = caller
  yield* sideBySide(
    readAll(deps, organizationId, { ...narrowed, expiresBefore, states: ["Connected", "Limited"] }, found),
    readAll(deps, organizationId, { ...narrowed, states: ["ReauthorizationNeeded"] }, found)
  )
  const catalogue = yield* CurrentCatalogue
  const now = yield* DateTime.now
  const items = found.connections
    .filter((connection) => Connection.isLinked(connection))
    .filter(({ channel }) => Channel.accessBy(channel, catalogue) !== "partner")
    .map((connection) => endingOf(connection, now))
    .toSorted(byEnd)
  return { items, unreadable: found.unreadable }
})

/** The consents of one login, in the order of their ends. */
export interface Login {
  readonly endings: readonly [Ending, ...ReadonlyArray<Ending>]
}

/** What a login is known by: who consented to what and where, or the consent itself where nobody is named. */
export const loginKey = ({
  channel,
  grantor,
  id,
  region
}: Pick<Grant.Active, "channel" | "grantor" | "id" | "region">): string =>
  grantor === undefined ? id : `${channel}/${region}/${grantor}`

/** Groups endings by the login that one renewal answers for. The order stays: the nearest end first. */
export const byLogin = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  items: ReadonlyArray<Ending>
): Effect.fn.Return<ReadonlyArray<Login>, StoreError> {
  const grants = new Map(items.map(({ connection }) => [connection.link.grantId, connection.organizationId]))
  const keys = new Map(
    yield* forEachSideBySide(grants, ([grantId, organizationId]) =>
      repository.find("grant", organizationId, grantId).pipe(
        Effect.map(({ state }) => [grantId, loginKey(state)] as const),
        Effect.catchTag("NotFound", (_: NotFound) => Effect.succeed([grantId, grantId as string] as const))
      )
    )
  )
  const groups = groupBy(items, ({ connection }) => keys.get(connection.link.grantId) ?? connection.link.grantId)
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ endings: [first, ...others] as const }]
  )
})

/** Whole days until an instant; 0 within the last day, and when it is over. */
export const daysUntil = (at: DateTime.Utc, now: DateTime.Utc): number =>
  Math.max(0, Math.floor((at.epochMilliseconds - now.epochMilliseconds) / 86_400_000))
