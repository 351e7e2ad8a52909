/** Jobs about the ownership of an organization: emails to both people, and the end of an offer (rules C13, X-R7). */
import { EmailMessage, type Member, type Organization } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { complete, type JobContext, type TaskOf } from "../work/jobContext.ts"
import { on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { membershipOf } from "./membershipOf.ts"

type MailDeps = ChangeDeps & Deps<"deployment" | "mailer">
type News = TaskOf<"MailOwnership">

/** Mails both people what there is to say, as long as it is true. One whom mail does not reach keeps nobody waiting. */
export const mailOwnership = Effect.fn("JobHandlers.mailOwnership")(function* (
  deps: MailDeps,
  job: JobContext,
  task: News
) {
  const { organizationId } = job
  const { state: organization } = yield* deps.repository.find("organization", organizationId, organizationId)
  const owner = yield* membershipOf(deps, organizationId, task.owner)
  const other = yield* membershipOf(deps, organizationId, task.other)
  for (const member of [owner, other]) {
    if (member === undefined) continue
    const emailMessage = compose(deps, { organization, owner, other }, task, member)
    if (emailMessage === undefined) continue
    const { email, name } = member
    yield* deps.mailer
      .send({ id: `${job.jobId}/${member.id}`, organizationId, to: { name, email }, emailMessage })
      .pipe(
        Effect.catchTag("MailRefused", ({ reason }) =>
          Effect.logWarning("an email about the ownership of an organization came back", reason)
        )
      )
  }
  return yield* complete(deps, job, [])
})

interface People {
  readonly organization: Organization.Present
  readonly owner: Member.Active | undefined
  readonly other: Member.Active | undefined
}

/** The email to one of the two; nothing for an offer that is not open any more. */
const compose = (
  { deployment }: MailDeps,
  { organization, other, owner }: People,
  { about, at, other: otherId }: News,
  { name, personId }: Member.Active
): EmailMessage.EmailMessage | undefined => {
  const news = {
    name,
    organization: organization.name,
    owner: owner?.name ?? "",
    other: other?.name ?? "",
    url: `${deployment.origin}/settings`
  }
  if (about !== "offered") return EmailMessage.ownership({ ...news, about })
  const { offer } = organization
  if (offer?.to !== otherId || !DateTime.Equivalence(offer.at, at)) return undefined
  const { expiresAt } = offer
  return EmailMessage.ownership({ ...news, about: personId === otherId ? "offered" : "offer-made", expiresAt })
}

/** Ends an offer that nobody answered; one that was made anew meanwhile lives on. */
export const expireOwnershipOffer = (
  deps: ChangeDeps,
  job: JobContext,
  { at: madeAt, to }: TaskOf<"ExpireOwnershipOffer">
) =>
  complete(deps, job, [
    on("organization", job.organizationId, (at, { offer }) =>
      offer !== undefined && DateTime.Equivalence(offer.at, madeAt)
        ? { _tag: "EndOffer", to, because: "expired", at }
        : []
    )
  ])
