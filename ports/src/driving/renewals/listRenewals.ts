/** Consents that end as a list: the nearest end first, with names, and where each is renewed. */
import { type Access, given, type Id, type Invitation, type Refused } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { bounded, InvalidCursor, type Page, type PageRequest, totalOf } from "../../driven/Page.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { byLogin, daysUntil, type Ending, type EndingFilter, endings, sortedBy } from "./endings.ts"
import { forEachSideBySide, sideBySide } from "../shared/sideBySide.ts"

/** A connection whose consent ends or is lost, as lists show it. */
export interface Renewal extends Ending {
  readonly companyName: string
  readonly accountName: string
  /** Whole days until the end; 0 within the last day and afterwards. Absent when no end lies ahead. */
  readonly daysLeft?: number
  /** Other connections of the same login, in the whole list: one renewal answers for them, too. */
  readonly sharedWith: number
  /** A request to renew it that waits for its answer. */
  readonly openRequest?: Id.InvitationId
}

/** How far ahead the list looks when nothing else is said, in days: further than any consent lives. */
export const daysAhead = 400

/** Which renewals are listed. */
export interface RenewalFilter extends Omit<EndingFilter, "expiresBefore"> {
  /** Days ahead, today's not counted; `daysAhead` when left out. What is over or lost is always listed. */
  readonly withinDays?: number
}

const position = /^(\d{1,16})\.(con_[0-9a-z]{26})$/

const isAfter = (one: Ending, [end, id]: readonly [number, string]): boolean =>
  sortedBy(one) > end || (sortedBy(one) === end && one.connection.id > id)

const cursorOf = (one: Ending): string => `${sortedBy(one)}.${one.connection.id}`

const openRequestOf = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { connection: { id: connectionId, organizationId } }: Ending
) {
  const { items } = yield* repository
    .invitations(organizationId, { connectionId, requests: true, states: ["Open"] }, { limit: 1 })
    .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  const [last]: ReadonlyArray<Invitation.Present | undefined> = items
  return last !== undefined && DateTime.isGreaterThan(last.expiresAt, yield* DateTime.now) ? last.id : undefined
})

const nameOf = (
  { repository }: Deps<"repository">,
  kind: "account" | "company",
  organizationId: Id.OrganizationId,
  id: string
): Effect.Effect<string, StoreError> =>
  repository.find(kind, organizationId, id).pipe(
    Effect.map(({ state }) => (state as { readonly name: string }).name),
    Effect.catchTag("NotFound", () => Effect.succeed(""))
  )

/** Every end that the filter asks for, with how many others share its login. */
const readAll = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  { withinDays = daysAhead, ...filter }: RenewalFilter
) {
  yield* AccessScope.check(caller, "read")
  // By whole days, because the next page has to be asked for with the same filter.
  const today = DateTime.startOf(yield* DateTime.now, "day")
  const { items, unreadable } = yield* endings(deps, caller, {
    ...filter,
    expiresBefore: DateTime.add(today, { days: withinDays + 1 })
  })
  const shared = new Map<Id.ConnectionId, number>()
  for (const login of yield* byLogin(deps, items))
    for (const one of login.endings) shared.set(one.connection.id, login.endings.length - 1)
  return { items, unreadable, sharedWith: (one: Ending) => shared.get(one.connection.id) ?? 0 }
})

const renewalOf = Effect.fnUntraced(function* (deps: Deps<"repository">, one: Ending, sharedWith: number) {
  const { accountId, companyId, organizationId } = one.connection
  const now = yield* DateTime.now
  const [companyName, accountName, openRequest] = yield* sideBySide(
    nameOf(deps, "company", organizationId, companyId),
    nameOf(deps, "account", organizationId, accountId),
    openRequestOf(deps, one)
  )
  return {
    ...one,
    companyName,
    accountName,
    sharedWith,
    ...given({
      daysLeft: one.expiresAt === undefined || one.state === "lost" ? undefined : daysUntil(one.expiresAt, now),
      openRequest
    })
  } satisfies Renewal
})

/** Lists consents that end, the nearest end first; what is lost comes before all others. */
export const list = Effect.fn("Renewals.list")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  filter: RenewalFilter,
  request: PageRequest
): Effect.fn.Return<Page<Renewal>, Refused.Refused | InvalidCursor | StoreError> {
  const { countUpTo, limit } = bounded(request)
  const after = request.cursor === undefined ? undefined : position.exec(request.cursor)
  if (after === null) return yield* new InvalidCursor()
  const { items, sharedWith, unreadable } = yield* readAll(deps, caller, filter)
  const [, end = "", id = ""] = after ?? []
  const rest = after === undefined ? items : items.filter((one) => isAfter(one, [Number(end), id]))
  const shown = rest.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: yield* forEachSideBySide(shown, (one) => renewalOf(deps, one, sharedWith(one))),
    ...given({
      next: last !== undefined && rest.length > limit ? cursorOf(last) : undefined,
      total: countUpTo === undefined ? undefined : totalOf(items.length, countUpTo),
      unreadable: unreadable.length === 0 || after !== undefined ? undefined : unreadable
    })
  }
})

/** The most ends of one calendar; the nearest come first. */
export const calendarLimit = 1000

/** The ends of the next 400 days as a calendar shows them; what is lost has no end that lies ahead. */
export const calendar = Effect.fn("Renewals.calendar")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller
): Effect.fn.Return<ReadonlyArray<Renewal>, Refused.Refused | StoreError> {
  const { items, sharedWith } = yield* readAll(deps, caller, {})
  const dated = items
    .filter(({ expiresAt, state }) => expiresAt !== undefined && state !== "lost")
    .slice(0, calendarLimit)
  return yield* forEachSideBySide(dated, (one) => renewalOf(deps, one, sharedWith(one)))
})
