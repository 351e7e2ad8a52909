/**
 * Jobs of requests to connect: the emails to both sides (rules X-R3, X-R5, X-R13). An email carries the id of the job
 * that sends it, so a job that is handed out twice sends one email.
 *
 * An email that its receiver's server refuses for good ends no job in the dead letters: it is put on record, and the
 * requester gets an email about it.
 */
import { EmailMessage, Invitation, Member, Messages, Text } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import type { MailRefused } from "../../driven/Mailer.ts"
import { commit, decideOn, on, onConflictAgain } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { remindOwner } from "../renewals/remindOwner.ts"
import { memberId } from "../shared/memberId.ts"
import { complete, done, dueNow, type JobContext, type TaskOf } from "../work/jobContext.ts"
import { requesterRecipient } from "./correspondents.ts"
import { composeOpenRequests, composeRequestNews, type MailRequest } from "./requestNews.ts"
import { isRequest, type RequestLink } from "./requestView.ts"

type RequestJobDeps = ChangeDeps & Deps<"deployment" | "eventLog" | "mailer">

/** Mails one side of a request; nothing when what there was to say is no longer true. */
export const mailRequest = Effect.fnUntraced(function* (deps: RequestJobDeps, job: JobContext, task: MailRequest) {
  const { state: link } = yield* deps.repository.find("invitation", job.organizationId, task.invitationId)
  if (!isRequest(link)) return yield* complete(deps, job, [])
  const emailMessage = yield* composeRequestNews(deps, link, task)
  if (emailMessage === undefined) return yield* complete(deps, job, [])
  const collector = task.to === "requester" ? yield* collectorOf(deps, job, link, task.about) : undefined
  if (collector !== undefined) return yield* collect(deps, job, link, { collector, emailMessage })
  return yield* sendTo(deps, job, link, { to: task.to, emailMessage })
})

/**
 * Reminds the owner of a request, once, before it ends; later when it was mailed again meanwhile. Of a request whose
 * own account is done, what its email carried may still wait.
 */
export const remindRequest = (deps: RequestJobDeps, job: JobContext, { invitationId }: TaskOf<"RemindRequest">) =>
  onConflictAgain(
    Effect.gen(function* () {
      const { actor, jobId: completes, organizationId } = job
      const at = yield* dueNow(job)
      const read = yield* deps.repository.find("invitation", organizationId, invitationId)
      const link = read.state
      if (link.request?.renews !== undefined)
        return yield* remindOwner(deps, job, { _tag: "RemindRequest", invitationId })
      if (link._tag !== "Open" && isRequest(link)) {
        const emailMessage = yield* composeOpenRequests(deps, link, "reminded")
        if (emailMessage === undefined) return yield* complete(deps, job, [])
        return yield* sendTo(deps, job, link, { to: "owner", emailMessage })
      }
      const remindAt = DateTime.subtract(link.expiresAt, { hours: Invitation.reminderHours })
      if (link._tag === "Open" && DateTime.isLessThan(at, remindAt)) return { _tag: "RetryAt", at: remindAt } as const
      const reminded = yield* decideOn("invitation", read, { _tag: "Remind", at })
      yield* commit(deps, { organizationId, actor, at, completes }, [reminded])
      return done
    })
  )

/** News of what went well, which loses nothing by waiting for the rest of a burst. */
const canWait: ReadonlySet<MailRequest["about"]> = new Set(["connected", "withdrawn"])

/** The member whose next mail tells the news; nobody when it is mailed alone, because it asks to act at once. */
const collectorOf = Effect.fnUntraced(function* (
  deps: RequestJobDeps,
  { organizationId }: JobContext,
  { request }: RequestLink,
  about: MailRequest["about"]
) {
  const { to } = yield* requesterRecipient(deps, organizationId, request.requester)
  const member = yield* deps.repository
    .find("member", organizationId, yield* memberId(deps, organizationId, to.email))
    .pipe(
      Effect.map(({ state }) => state),
      Effect.catchTag("NotFound", () => Effect.succeed(undefined))
    )
  if (member?._tag !== "Active") return undefined
  const { requests } = member.mailPreferences ?? Member.defaultPreferences
  return requests === "daily" || canWait.has(about) ? member : undefined
})

/** Keeps the news for the requester's next mail. */
const collect = (
  deps: RequestJobDeps,
  job: JobContext,
  { id }: RequestLink,
  { collector, emailMessage }: { readonly collector: Member.Active; readonly emailMessage: EmailMessage.EmailMessage }
) => {
  const { subject } = emailMessage
  const news = {
    id: job.jobId,
    kind: "requests",
    subject,
    text: "",
    url: `${deps.deployment.origin}/requests/${id}`
  } as const
  return complete(deps, job, [on("member", collector.id, (at) => ({ _tag: "CollectNews", news, at }))])
}

const sendTo = Effect.fnUntraced(function* (
  deps: RequestJobDeps,
  job: JobContext,
  link: RequestLink,
  { emailMessage, to }: { readonly to: MailRequest["to"]; readonly emailMessage: EmailMessage.EmailMessage }
) {
  const { jobId: id, organizationId } = job
  const { to: requester } = yield* requesterRecipient(deps, organizationId, link.request.requester)
  // The owner's questions go to the person who asks, not to us.
  const addressed = to === "owner" ? { to: link.request.owner, replyTo: requester } : { to: requester }
  return yield* deps.mailer.send({ id, organizationId, emailMessage, ...addressed }).pipe(
    Effect.andThen(complete(deps, job, [])),
    Effect.catchTag("MailRefused", (error) => recordBounce(deps, job, link, { to, error }))
  )
})

/** Puts on record that an email came back. */
const recordBounce = (
  deps: RequestJobDeps,
  job: JobContext,
  { id }: RequestLink,
  { error, to }: { readonly to: MailRequest["to"]; readonly error: MailRefused }
) => {
  const reason = Text.fromProvider(error.reason) || Messages.text("mailer.no-reason")
  return complete(deps, job, [on("invitation", id, (at) => ({ _tag: "Bounce", to, reason, at }))])
}
