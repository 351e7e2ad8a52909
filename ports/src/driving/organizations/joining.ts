/** The worker's side of invitations to join: they are mailed, and they end (rules P-R14, X-R6). */
import { Actor, type Id, type Job, EmailMessage } from "@portolan/domain"
import { Effect, Redacted } from "effect"
import { Repository } from "../../driven/Repository.ts"
import { Deployment, joinUri } from "../../driven/Deployment.ts"
import { Mailer } from "../../driven/Mailer.ts"
import { Secrets } from "../../driven/Secrets.ts"
import { decide, onConflictAgain } from "../shared/change.ts"
import { dueNow, type JobContext, makeRecords } from "../work/job.ts"

type Of<T extends Job.Task["_tag"]> = Extract<Job.Task, { readonly _tag: T }>

/** The token of one invitation of an address. It follows from the deployment's secret, so it is mailed again and never stored. */
export const joinToken = (
  secrets: Secrets["Service"],
  id: Id.MemberId,
  round: number
): Effect.Effect<Redacted.Redacted<string>> => secrets.derive("join-token", `${id}/${round}`)

/** Builds the handlers, once per service. */
export const makeJoining = Effect.gen(function* () {
  const store = yield* Repository
  const mailer = yield* Mailer
  const secrets = yield* Secrets
  const { origin } = yield* Deployment
  const { finish } = yield* makeRecords

  /** Mails an invitation, unless it was answered, withdrawn or mailed again meanwhile. */
  const mail = (job: JobContext, { mail: number, memberId, round }: Of<"MailInvitation">) =>
    Effect.gen(function* () {
      const { organizationId } = job
      const { state } = yield* store.find("member", organizationId, memberId)
      const at = yield* dueNow(job)
      if (state._tag !== "Invited" || state.round !== round || state.mails !== number) return yield* finish(job, at, [])
      const { state: organization } = yield* store.find("organization", organizationId, organizationId)
      const token = yield* joinToken(secrets, memberId, round)
      yield* mailer.send({
        id: `${memberId}/${round}/${number}`,
        organizationId,
        to: { name: "", email: state.email },
        emailMessage: EmailMessage.inviteMember({
          inviter: Actor.describe(state.invitedBy),
          organization: organization.name,
          role: roleInWords(state.role, state.accessScope._tag),
          url: joinUri(origin, Redacted.value(token)),
          expiresAt: state.expiresAt
        })
      })
      return yield* finish(job, at, [])
    })

  /** Ends an invitation that nobody answered, unless it was mailed again and lives on. */
  const expire = (job: JobContext, { memberId, round }: Of<"ExpireMembership">) =>
    onConflictAgain(
      Effect.gen(function* () {
        const read = yield* store.find("member", job.organizationId, memberId)
        const at = yield* dueNow(job)
        if (read.state._tag !== "Invited" || read.state.round !== round) return yield* finish(job, at, [])
        const decided = yield* Effect.fromResult(
          decide("member", memberId, read, { _tag: "Expire", by: job.actor, at })
        )
        return yield* finish(job, at, [decided])
      })
    )

  return { mail, expire }
})

const roleInWords = (role: string, accessScope: "Everything" | "Chosen"): string =>
  accessScope === "Everything" ? role : `${role} with access to chosen accounts`
