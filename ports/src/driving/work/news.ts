/**
 * News that waits for its mail: all that is due for a member goes out as one mail, at once with a burst or once a day
 * as they prefer. A mail is named after its job and how much it tells, so that a second copy is known, and news that
 * came between two attempts is not lost.
 */
import { EmailMessage, type Member } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { complete, dueNow, type JobContext, type TaskOf } from "./jobContext.ts"

/** Mails a member the news that is due; nobody gets any who is no member any more. */
export const mailNews = Effect.fn("JobHandlers.mailNews")(function* (
  deps: ChangeDeps & Deps<"deployment" | "mailer">,
  job: JobContext,
  { memberId }: TaskOf<"MailNews">
) {
  const { jobId, organizationId } = job
  const now = yield* dueNow(job)
  const { state: member } = yield* deps.repository.find("member", organizationId, memberId)
  const due = member._tag === "Active" ? dueNews(member, now) : []
  if (member._tag !== "Active" || due.length === 0) return yield* complete(deps, job, [])
  const { email, name } = member
  yield* deps.mailer
    .send({
      id: `${jobId}/${due.length}`,
      organizationId,
      to: { name, email },
      emailMessage: EmailMessage.news({
        name,
        news: due,
        leftOut: member.newsLeftOut ?? 0,
        preferencesUrl: `${deps.deployment.origin}/mail-preferences`,
        ...(deps.deployment.productName === undefined ? {} : { product: deps.deployment.productName })
      })
    })
    .pipe(
      Effect.catchTag("MailRefused", ({ reason }) =>
        Effect.logWarning("news cannot be mailed to a member", { member: memberId, reason })
      )
    )
  const ids = due.map(({ id }) => id)
  return yield* complete(deps, job, [on("member", memberId, (at) => ({ _tag: "MarkNewsMailed", ids, at }))])
})

const dueNews = ({ news = [] }: Member.Active, now: DateTime.Utc) =>
  news.filter(({ dueAt }) => DateTime.isLessThanOrEqualTo(dueAt, now))
