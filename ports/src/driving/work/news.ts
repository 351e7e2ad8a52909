/**
 * News that waits for its mail: all that is due for a member goes out as one mail, at once with a burst or once a day
 * as they prefer. A mail is named after its job and how much it tells, so that a second copy is known, and news that
 * came between two attempts is not lost.
 *
 * Reminders that consents end are news that always waits for the daily mail. At most one mail a day lists what ends:
 * reminders of the same day go with it, and those that come after it wait for the next day.
 */
import { EmailMessage, given, Member } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { endingsFor, isPending } from "../renewals/digest.ts"
import { on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { complete, dueNow, type JobContext, type TaskOf } from "./jobContext.ts"

type NewsDeps = ChangeDeps & Deps<"deployment" | "mailer">

/** Mails a member the news that is due; nobody gets any who is no member any more. */
export const mailNews = Effect.fn("JobHandlers.mailNews")(function* (
  deps: NewsDeps,
  job: JobContext,
  { memberId }: TaskOf<"MailNews">
) {
  const { organizationId } = job
  const now = yield* dueNow(job)
  const { state: member } = yield* deps.repository.find("member", organizationId, memberId)
  if (member._tag !== "Active") return yield* complete(deps, job, [])
  const { reminders, others } = dueNews(member, now)
  const from = reminders.length === 0 ? undefined : Member.endingsFrom(member)
  // A mail of this day listed what ends: those reminders wait for the next day, what else is due does not.
  const isHeld = from !== undefined && DateTime.isLessThan(now, from)
  if (others.length === 0 && isHeld) return { _tag: "RetryAt", at: Member.endingDueAt(member, now) } as const
  const taken = isHeld ? [] : reminders
  const ahead = (yield* anyPending(deps, member, taken)) ? yield* endingsFor(deps, member) : undefined
  if (others.length > 0 || ahead !== undefined) yield* send(deps, job, member, given({ others, taken, ahead }))
  const ids = [...others, ...taken].map(({ id }) => id)
  const endings = ahead === undefined ? undefined : (true as const)
  return yield* complete(deps, job, [
    on("member", memberId, (at) => ({ _tag: "MarkNewsMailed", ids, at, ...given({ endings }) }))
  ])
})

/** News that is due, and with the first reminder that is due every reminder of the same day. */
const dueNews = (member: Member.Active, now: DateTime.Utc) => {
  const isDue = ({ dueAt }: Member.WaitingNews) => DateTime.isLessThanOrEqualTo(dueAt, now)
  const { news = [] } = member
  const others = news.filter((one) => one.ending === undefined && isDue(one))
  const reminders = news.filter(({ ending }) => ending !== undefined)
  const endOfDay = Member.endOfDay(member, now)
  return {
    others,
    reminders: reminders.some(isDue) ? reminders.filter(({ dueAt }) => DateTime.isLessThan(dueAt, endOfDay)) : []
  }
}

const anyPending = Effect.fnUntraced(function* (
  deps: NewsDeps,
  member: Member.Active,
  reminders: ReadonlyArray<Member.WaitingNews>
) {
  for (const { ending } of reminders) {
    if (ending !== undefined && (yield* isPending(deps, member, ending))) return true
  }
  return false
})

/** What one mail tells. */
interface Mailed {
  readonly others: ReadonlyArray<Member.WaitingNews>
  /** The reminders that `ahead` answers for. */
  readonly taken: ReadonlyArray<Member.WaitingNews>
  readonly ahead?: NonNullable<EmailMessage.News["ahead"]>
}

const send = (
  { deployment, mailer }: NewsDeps,
  { jobId, organizationId }: JobContext,
  { email, id, name, newsLeftOut = 0 }: Member.Active,
  { ahead, taken, others }: Mailed
) =>
  mailer
    .send({
      id: `${jobId}/${others.length + taken.length}`,
      organizationId,
      to: { name, email },
      emailMessage: EmailMessage.news({
        name,
        news: others,
        leftOut: newsLeftOut,
        preferencesUrl: `${deployment.origin}/mail-preferences`,
        ...given({ ahead, product: deployment.productName })
      })
    })
    .pipe(
      Effect.catchTag("MailRefused", ({ reason }) =>
        Effect.logWarning("news cannot be mailed to a member", { member: id, reason })
      )
    )
