/** The worker's side of mailing a consolidation plan's address (flow F4). What was withdrawn meanwhile is not mailed. */
import { Actor, ConsolidationPlan, type Job, EmailMessage, PlanShare } from "@portolan/domain"
import { DateTime, Effect, Redacted } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { Repository } from "../../driven/Repository.ts"
import { Mailer } from "../../driven/Mailer.ts"
import { type JobContext, makeRecords } from "../work/job.ts"
import { makePlanAddress } from "./planAddress.ts"

/** Builds the handler, once per service. */
export const makeMailingPlan = Effect.gen(function* () {
  const store = yield* Repository
  const mailer = yield* Mailer
  const address = yield* makePlanAddress
  const { finish } = yield* makeRecords

  const mail = (
    job: JobContext,
    { consolidationId, mail: number, round }: Extract<Job.Task, { readonly _tag: "MailPlan" }>
  ) =>
    Effect.gen(function* () {
      const { organizationId } = job
      const { state } = yield* store.find("consolidation", organizationId, consolidationId)
      const now = yield* DateTime.now
      const { share } = state
      const wanted = share?.mails.find((one) => one.number === number)
      if (share === undefined || wanted === undefined || !PlanShare.isLive(share, round, now))
        return yield* finish(job, now, [])
      const { state: company } = yield* store.find("company", organizationId, state.companyId)
      const organization = yield* store.find("organization", organizationId, organizationId).pipe(
        Effect.map((found) => found.state.name),
        // Without its name the mail is still wanted.
        Effect.catchTag("NotFound", () => Effect.succeed("another organization"))
      )
      const plan = ConsolidationPlan.plan(state, yield* CurrentCatalogue)
      yield* mailer.send({
        id: job.jobId,
        organizationId,
        to: { name: wanted.name ?? "", email: wanted.to },
        emailMessage: EmailMessage.consolidationPlan({
          requester: Actor.describe(wanted.by),
          organization,
          company: company.name,
          mainLogin: plan.main?.name ?? "that is still to be chosen",
          missing: plan.steps.reduce((sum, { grants }) => sum + grants.length, 0),
          url: Redacted.value(yield* address.of(state, round)),
          expiresAt: share.expiresAt,
          ...(wanted.name === undefined ? {} : { recipient: wanted.name }),
          ...(wanted.message === undefined ? {} : { message: wanted.message })
        })
      })
      return yield* finish(job, now, [])
    })

  return { mail }
})
