/** The worker's side of mailing a consolidation plan's address (flow F4). What was withdrawn meanwhile is not mailed. */
import { Actor, Consolidation, type Intent, Letter, PlanShare } from "@portolan/domain"
import { DateTime, Effect, Redacted } from "effect"
import { ConnectionStore } from "../driven/ConnectionStore.ts"
import { Mailer } from "../driven/Mailer.ts"
import { type Job, makeRecords } from "./job.ts"
import { makePlanAddress } from "./planAddress.ts"

/** Builds the handler, once per service. */
export const makeMailingPlan = Effect.gen(function* () {
  const store = yield* ConnectionStore
  const mailer = yield* Mailer
  const address = yield* makePlanAddress
  const { finish } = yield* makeRecords

  const mail = (
    job: Job,
    { consolidationId, mail: number, round }: Extract<Intent.Work, { readonly _tag: "MailPlan" }>
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
      const plan = Consolidation.plan(state)
      yield* mailer.send({
        id: job.intentId,
        organizationId,
        to: { name: wanted.name ?? "", email: wanted.to },
        letter: Letter.consolidationPlan({
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
