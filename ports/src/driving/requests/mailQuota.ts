/**
 * The limits on emails to people outside (`MailQuota`), in the one place that every change which calls for such emails
 * goes through. What was sent is read from the organization's history. The change then holds only if the organization
 * is as it was read before that (`assertUnchanged`), so of two senders at once the slower one reads and counts again.
 * Nothing else is stored, and nothing has to be reset. The price: a few pages of history an email, and senders of one
 * organization go one after another.
 */
import { type Aggregate, given, type Id, Messages, MailQuota, Refusal, type Refused, Text } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { type NotFound, type Page, pageLimit } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import { assertUnchanged, type Decided } from "../shared/change.ts"
import type { Deps } from "../shared/deps.ts"
import { memberId } from "../shared/memberId.ts"

/** The ports that counting needs. */
export type MailQuotaDeps = Deps<"eventLog" | "repository" | "secrets">

/**
 * Pages of history that are read for one day. A day with more than these is the work of a machine, and sends nothing.
 */
const maxPages = 50

/**
 * Refuses emails beyond the limits; otherwise gives the precondition of the change that calls for them. Nothing for no
 * emails.
 */
export const consumeMailQuota = Effect.fnUntraced(function* (
  deps: MailQuotaDeps,
  organizationId: Id.OrganizationId,
  emails: ReadonlyArray<MailQuota.Addressed>
): Effect.fn.Return<ReadonlyArray<Decided>, Refused.Refused | NotFound | StoreError> {
  if (emails.length === 0) return []
  // The organization first: a sender who commits after the history was read makes this attempt start over.
  const organization = yield* deps.repository.find("organization", organizationId, organizationId)
  const now = yield* DateTime.now
  const sent = yield* withoutCopiesForMembers(deps, organizationId, yield* sentWithin(deps, organizationId, now))
  const planned = yield* withoutCopiesForMembers(deps, organizationId, emails)
  yield* Effect.fromResult(
    MailQuota.check(
      sent,
      planned.map(({ to }) => to),
      now
    )
  )
  return [assertUnchanged("organization", organizationId, organization)]
})

/**
 * The same for the daily mail of consents that end, to one address: `sent` when it went to that address already on this
 * day of the calendar (UTC), else the precondition of the change that calls for it.
 */
export const consumeDailyReminder = Effect.fnUntraced(function* (
  deps: MailQuotaDeps,
  organizationId: Id.OrganizationId,
  to: string,
  now: DateTime.Utc
): Effect.fn.Return<"sent" | ReadonlyArray<Decided>, Refused.Refused | NotFound | StoreError> {
  const organization = yield* deps.repository.find("organization", organizationId, organizationId)
  const sent = yield* sentWithin(deps, organizationId, now)
  const today = DateTime.startOf(now, "day")
  const isToday = (one: SentEmail) => one.remindsOfEnds && DateTime.isGreaterThanOrEqualTo(one.at, today)
  if (sent.some((one) => isToday(one) && Text.sameEmail(one.to, to))) return "sent"
  yield* Effect.fromResult(MailQuota.check(yield* withoutCopiesForMembers(deps, organizationId, sent), [to], now))
  return [assertUnchanged("organization", organizationId, organization)]
})

/** An email of the history, and whether it was the daily one of consents that end. */
interface SentEmail extends MailQuota.Sent, MailQuota.Addressed {
  readonly remindsOfEnds: boolean
}

/** What was sent within the span that ends now, from the youngest on. */
const sentWithin = Effect.fnUntraced(function* (
  deps: Deps<"eventLog" | "repository">,
  organizationId: Id.OrganizationId,
  now: DateTime.Utc
) {
  const since = DateTime.subtractDuration(now, MailQuota.span)
  const sent: Array<SentEmail> = []
  let cursor: string | undefined
  for (let turn = 0; turn < maxPages; turn++) {
    const { items, next }: Page<Aggregate.Recorded> = yield* deps.eventLog
      .all(organizationId, { kinds: ["invitation", "member", "consolidation"] }, given({ limit: pageLimit, cursor }))
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))
    for (const one of items) {
      if (DateTime.isLessThanOrEqualTo(one.at, since)) return sent
      sent.push(...(yield* sentBy(deps, organizationId, one)))
    }
    if (next === undefined) return sent
    cursor = next
  }
  return yield* Refusal.make("MailQuota", "Send", "too-many", {
    detail: Messages.say("quota.too-much-history"),
    nextStep: Messages.say("quota.retry-tomorrow")
  })
})

/** The emails that an event called for. */
const sentBy = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  organizationId: Id.OrganizationId,
  { aggregate, at, event }: Aggregate.Recorded
) {
  const remindsOfEnds = MailQuota.remindsOfEnds(event)
  if (!MailQuota.repeats(event)) return MailQuota.addressed(event).map((email) => ({ ...email, at, remindsOfEnds }))
  const to = yield* addressOf(deps, organizationId, aggregate)
  return to === undefined ? [] : [{ to, at, remindsOfEnds }]
})

/** The address of a request or of an invitation to join. */
const addressOf = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  organizationId: Id.OrganizationId,
  { id, kind }: Aggregate.Recorded["aggregate"]
) {
  if (kind === "member") return (yield* repository.find("member", organizationId, id)).state.email
  if (kind !== "invitation") return undefined
  return (yield* repository.find("invitation", organizationId, id)).state.request?.owner.email
})

/** Copies for members do not go to people outside. Keys name few people, and each of them is looked up once. */
const withoutCopiesForMembers = Effect.fnUntraced(function* <Email extends MailQuota.Addressed>(
  { repository, secrets }: Deps<"repository" | "secrets">,
  organizationId: Id.OrganizationId,
  emails: ReadonlyArray<Email>
) {
  const members = new Set<string>()
  for (const to of new Set(emails.filter(({ isCopy }) => isCopy === true).map((email) => email.to))) {
    const isMember = yield* Effect.flatMap(memberId({ secrets }, organizationId, to), (id) =>
      repository.find("member", organizationId, id)
    ).pipe(
      Effect.map(({ state }) => state._tag === "Active"),
      Effect.catchTag("NotFound", () => Effect.succeed(false))
    )
    if (isMember) members.add(to)
  }
  return emails.filter(({ isCopy, to }) => isCopy !== true || !members.has(to))
})
