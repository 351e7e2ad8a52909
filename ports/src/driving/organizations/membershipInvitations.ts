/** Jobs of invitations to join: they are mailed, and they end (rules P-R14, X-R6). */
import { Actor, EmailMessage, type Member, Messages } from "@portolan/domain"
import { Effect, Redacted } from "effect"
import { joinUri } from "../../driven/Deployment.ts"
import { on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { complete, type JobContext, type TaskOf } from "../work/jobContext.ts"
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
    yield* deps.mailer.send({
      id: `${memberId}/${round}/${number}`,
      organizationId,
      to: { name: "", email: member.email },
      emailMessage: yield* composeInvitation(deps, member)
    })
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
    inviter: Actor.describe(invitedBy),
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
