/**
 * The limits on letters to people outside (`Postage`), in the one place that every change which calls for such letters goes
 * through. What was sent is read from the organization's history; the change then rests on the organization as it was read before
 * that (`standing`), so of two senders at once the slower one reads and counts again. Nothing else is stored, and nothing has to
 * be reset. The price is a few pages of history a letter, and that senders of one organization go one after another.
 * Not a conversation of its own.
 */
import { type Aggregate, type Id, Postage, Refused } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { Repository, type NotFound, type Page, pageLimit } from "../../driven/Repository.ts"
import { EventLog } from "../../driven/EventLog.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import { type Decided, standing } from "../shared/change.ts"
import { makeMemberId } from "../shared/memberId.ts"

/** Pages of history that are read for one day. A day with more than these is the work of a machine, and sends nothing. */
const pages = 50

/** Builds `pay`, once per service. */
export const makePostage = Effect.gen(function* () {
  const store = yield* Repository
  const log = yield* EventLog
  const memberId = yield* makeMemberId

  /** Whom a request or an invitation to join is addressed to. */
  const addressOf = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    { id, kind }: Aggregate.Recorded["aggregate"]
  ) {
    if (kind === "member") return (yield* store.find("member", organizationId, id)).state.email
    if (kind !== "invitation") return undefined
    return (yield* store.find("invitation", organizationId, id)).state.request?.owner.email
  })

  const sentBy = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    { aggregate, at, event }: Aggregate.Recorded
  ) {
    if (!Postage.repeats(event)) return Postage.addressed(event).map((emailMessage) => ({ ...emailMessage, at }))
    const to = yield* addressOf(organizationId, aggregate)
    return to === undefined ? [] : [{ to, at }]
  })

  /** What was sent within the span, from the youngest on. */
  const recent = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, now: DateTime.Utc) {
    const since = DateTime.subtractDuration(now, Postage.span)
    const sent: Array<Postage.Sent & Postage.Addressed> = []
    let cursor: string | undefined
    for (let turn = 0; turn < pages; turn++) {
      const { items, next }: Page<Aggregate.Recorded> = yield* log
        .all(
          organizationId,
          { kinds: ["invitation", "member", "consolidation"] },
          { limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) }
        )
        .pipe(Effect.catchTag("InvalidCursor", Effect.die))
      for (const one of items) {
        if (DateTime.isLessThanOrEqualTo(one.at, since)) return sent
        sent.push(...(yield* sentBy(organizationId, one)))
      }
      if (next === undefined) return sent
      cursor = next
    }
    return yield* new Refused.Refused({
      subject: "Postage",
      asked: "Send",
      reason: "too-many",
      detail: "More happened in this organization today than letters can be counted in.",
      nextStep: "Try again tomorrow."
    })
  })

  /** Copies for members leave nobody's house; there are few people whom keys name, and each is looked up once. */
  const counted = Effect.fnUntraced(function* <L extends Postage.Addressed>(
    organizationId: Id.OrganizationId,
    emailMessages: ReadonlyArray<L>
  ) {
    const own = new Set<string>()
    for (const to of new Set(
      emailMessages.flatMap((emailMessage) => (emailMessage.isCopy === true ? [emailMessage.to] : []))
    )) {
      const isMember = yield* Effect.flatMap(memberId(organizationId, to), (id) =>
        store.find("member", organizationId, id)
      ).pipe(
        Effect.map(({ state }) => state._tag === "Active"),
        Effect.catchTag("NotFound", () => Effect.succeed(false))
      )
      if (isMember) own.add(to)
    }
    return emailMessages.filter(({ isCopy, to }) => isCopy !== true || !own.has(to))
  })

  /** Refuses letters beyond the limits; otherwise gives what the change that calls for them rests on. */
  const pay = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    emailMessages: ReadonlyArray<Postage.Addressed>
  ): Effect.fn.Return<ReadonlyArray<Decided>, Refused.Refused | NotFound | StoreUnavailable> {
    if (emailMessages.length === 0) return []
    // The organization first: whoever sends after the history was read makes this attempt start over.
    const organization = yield* store.find("organization", organizationId, organizationId)
    const now = yield* DateTime.now
    const sent = yield* counted(organizationId, yield* recent(organizationId, now))
    const wanted = yield* counted(organizationId, emailMessages)
    yield* Effect.fromResult(
      Postage.check(
        sent,
        wanted.map(({ to }) => to),
        now
      )
    )
    return [standing("organization", organizationId, organization)]
  })

  return { pay }
})
