/** Jobs of invitations to join: they are mailed, and they end (rules P-R14, X-R6). */
import { Actor, EmailMessage, type Member, Messages, Text } from "@portolan/domain"
import { Effect, Redacted } from "effect"
import { joinUri } from "../../driven/Deployment.ts"
import { on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { complete, type JobContext, type TaskOf } from "../work/jobContext.ts"
import { membershipOf } from "./membershipOf.ts"
import { joinToken } from "./joinToken.ts"

type Invited = Extract<Member.Present, { readonly _tag: "Invited" }>

/** Mails an invitation, unless it was answered, withdrawn or mailed again meanwhile. */
export const mailInvitation = Effect.fnUntraced(function* (
  deps: ChangeDeps & Deps<"deployment" | "mailer">,
  job: JobContext,
  { mail: number, memberId, round }: TaskOf<"MailInvitation">
) {
  const { organizationId } = job
  const { state: member } = yield* deps.repository.find("member", organizationId, memberId)
  if (member._tag === "Invited" && member.round === round && member.mails === number) {
    const sent = yield* deps.mailer
      .send({
        id: `${memberId}/${round}/${number}`,
        organizationId,
        to: { name: "", email: member.email },
        emailMessage: yield* composeInvitation(deps, member)
      })
      .pipe(
        Effect.as(undefined),
        Effect.catchTag("MailRefused", ({ reason }) =>
          Effect.succeed(Text.fromProvider(reason) || Messages.text("mailer.no-reason"))
        )
      )
    if (sent !== undefined) {
      return yield* complete(deps, job, [on("member", memberId, (at) => ({ _tag: "Bounce", round, reason: sent, at }))])
    }
  }
  return yield* complete(deps, job, [])
})

/** Tells the person who invited somebody, or else the owner, that the mail came back. */
export const mailInvitationBounced = Effect.fnUntraced(function* (
  deps: ChangeDeps & Deps<"deployment" | "mailer">,
  job: JobContext,
  { memberId, round }: TaskOf<"MailInvitationBounced">
) {
  const { jobId: id, organizationId } = job
  const { state: member } = yield* deps.repository.find("member", organizationId, memberId)
  if (member._tag !== "Invited" || member.round !== round || member.bounce === undefined) {
    return yield* complete(deps, job, [])
  }
  const { state: organization } = yield* deps.repository.find("organization", organizationId, organizationId)
  const { bounce, email, invitedBy } = member
  const inviter =
    invitedBy._tag === "Person" ? yield* membershipOf(deps, organizationId, invitedBy.personId) : undefined
  const to = inviter ?? (yield* membershipOf(deps, organizationId, organization.ownerId))
  if (to !== undefined) {
    const emailMessage = EmailMessage.invitationBounced({
      name: to.name,
      email,
      organization: organization.name,
      reason: bounce.reason,
      url: `${deps.deployment.origin}/members`
    })
    yield* deps.mailer
      .send({ id, organizationId, to: { name: to.name, email: to.email }, emailMessage })
      .pipe(
        Effect.catchTag("MailRefused", ({ reason }) =>
          Effect.logWarning("an email about an invitation that came back came back itself", reason)
        )
      )
  }
  return yield* complete(deps, job, [])
})

const composeInvitation = Effect.fnUntraced(function* (
  deps: Deps<"deployment" | "repository" | "secrets">,
  { accessScope, expiresAt, id, invitedBy, organizationId, role, round }: Invited
) {
  const { state: organization } = yield* deps.repository.find("organization", organizationId, organizationId)
  const token = yield* joinToken(deps, id, round)
  return EmailMessage.inviteMember({
    inviter: Actor.outwardName(invitedBy, organization.name),
    organization: organization.name,
    role: accessScope._tag === "Everything" ? role : Messages.text("member.chosen-accounts", { role }),
    url: joinUri(deps.deployment.origin, Redacted.value(token)),
    expiresAt
  })
})

/** Ends an invitation that nobody answered, unless it was mailed again and lives on. */
export const expireMembership = (deps: ChangeDeps, job: JobContext, { memberId, round }: TaskOf<"ExpireMembership">) =>
  complete(deps, job, [
    on("member", memberId, (at, state) =>
      state._tag === "Invited" && state.round === round ? { _tag: "Expire", by: job.actor, at } : []
    )
  ])
