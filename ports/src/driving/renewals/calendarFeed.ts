/**
 * The address from which a member's calendar program reads when consents end. Such programs send no header and keep no
 * cookie, so the address itself holds a secret of 256 random bits, which is shown once and stored as a digest. It opens
 * this one list, for reading, as its member sees it at that moment; it ends when it is withdrawn or made anew, with the
 * membership, and while the organization is closed.
 */
import { type Access, Id, type Member, Messages, Refusal, type Refused } from "@portolan/domain"
import { type DateTime, Effect, Option, Redacted, Schema } from "effect"
import { NotFound } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { membershipOf } from "../organizations/membershipOf.ts"
import { personOf } from "../organizations/memberView.ts"
import { change, on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { requireOpen } from "../shared/openOrganization.ts"
import { calendar } from "./listRenewals.ts"
import { words } from "./words.ts"

/** Whether there is an address, and since when. */
export interface CalendarFeed {
  readonly createdAt: DateTime.Utc
}

/** What the address of a calendar ends in. */
const shape = /^(org_[0-9a-z]{26})\.(mem_[0-9a-z]{26})\.([A-Za-z0-9_-]{43})$/

const notThere = () => new NotFound({ kind: "calendar", id: "" })

const mine = Effect.fnUntraced(function* (deps: Deps<"repository">, caller: Access.Caller) {
  const personId = personOf(caller)
  if (personId === undefined)
    return yield* Refusal.make("Member", "ChangeCalendarFeed", "not-permitted", {
      detail: Messages.verbatim(words.feedIsPersonal),
      nextStep: Messages.verbatim(words.feedBySession)
    })
  const member = yield* membershipOf(deps, caller.organizationId, personId)
  return member ?? (yield* new NotFound({ kind: "member", id: "me" }))
})

/** Whether the caller has an address for their calendar. Keys have none and are refused. */
export const feed = Effect.fn("Renewals.feed")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller
): Effect.fn.Return<CalendarFeed | undefined, NotFound | Refused.Refused | StoreError> {
  const { calendarFeed } = yield* mine(deps, caller)
  return calendarFeed === undefined ? undefined : { createdAt: calendarFeed.createdAt }
})

/** Makes the caller's address, in place of one before. Gives its token, which nobody can read later. */
export const openFeed = Effect.fn("Renewals.openFeed")(function* (
  deps: ChangeDeps,
  caller: Access.Caller
): Effect.fn.Return<Redacted.Redacted<string>, NotFound | Refused.Refused | WriteError> {
  const { id, organizationId } = yield* mine(deps, caller)
  const secret = yield* deps.secrets.token
  const digest = yield* deps.secrets.digest(secret)
  yield* change(deps, caller, [on("member", id, (at) => ({ _tag: "ChangeCalendarFeed", digest, at }))])
  return Redacted.make(`${organizationId}.${id}.${Redacted.value(secret)}`)
})

/** Withdraws the caller's address; nothing when there is none. */
export const closeFeed = Effect.fn("Renewals.closeFeed")(function* (
  deps: ChangeDeps,
  caller: Access.Caller
): Effect.fn.Return<void, NotFound | Refused.Refused | WriteError> {
  const { id } = yield* mine(deps, caller)
  yield* change(deps, caller, [on("member", id, (at) => ({ _tag: "ChangeCalendarFeed", at }))])
})

const decodeOrganization = Schema.decodeUnknownOption(Id.OrganizationId)
const decodeMember = Schema.decodeUnknownOption(Id.MemberId)

const memberBy = Effect.fnUntraced(function* (
  deps: Deps<"repository" | "secrets">,
  token: Redacted.Redacted<string>
): Effect.fn.Return<Member.Active, NotFound | Refused.Refused | StoreError> {
  const [, organization, member, secret] = shape.exec(Redacted.value(token)) ?? []
  const organizationId = Option.getOrUndefined(decodeOrganization(organization))
  const memberId = Option.getOrUndefined(decodeMember(member))
  if (organizationId === undefined || memberId === undefined || secret === undefined) return yield* notThere()
  const { state } = yield* Effect.catchTag(deps.repository.find("member", organizationId, memberId), "NotFound", () =>
    Effect.fail(notThere())
  )
  const digest = yield* deps.secrets.digest(Redacted.make(secret))
  if (state._tag !== "Active" || state.calendarFeed?.digest !== digest) return yield* notThere()
  yield* requireOpen(deps, organizationId, "Member", "ReadCalendar")
  return state
})

/** What the address with a token shows. Every address that shows nothing is not found, in the same words. */
export const byFeed = Effect.fn("Renewals.byFeed")(function* (
  deps: Deps<"repository" | "secrets">,
  token: Redacted.Redacted<string>
) {
  const { accessScope, name, organizationId, personId, role } = yield* memberBy(deps, token)
  const actor = { _tag: "Person", personId, name } as const
  return yield* calendar(deps, { organizationId, accessScope, role, actor })
})
