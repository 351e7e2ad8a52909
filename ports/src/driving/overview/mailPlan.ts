import {
  Actor,
  type Consolidation,
  ConsolidationPlan,
  EmailMessage,
  given,
  Messages,
  PlanShare
} from "@portolan/domain"
import { DateTime, Effect, Redacted } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { namedOr, organizationName } from "../organizations/organizationName.ts"
import { complete, type JobContext, type TaskOf } from "../work/jobContext.ts"
import { planUrl } from "./planAddress.ts"

type MailPlanDeps = ChangeDeps & Deps<"deployment" | "mailer">

/** Mails the address of a consolidation plan (flow F4). What was withdrawn meanwhile is not mailed. */
export const mailPlan = Effect.fnUntraced(function* (
  deps: MailPlanDeps,
  job: JobContext,
  { consolidationId, mail: number, round }: TaskOf<"MailPlan">
) {
  const { jobId: id, organizationId } = job
  const { state } = yield* deps.repository.find("consolidation", organizationId, consolidationId)
  const { share } = state
  const mail = share?.mails.find((one) => one.number === number)
  if (share !== undefined && mail !== undefined && PlanShare.isLive(share, round, yield* DateTime.now)) {
    yield* deps.mailer.send({
      id,
      organizationId,
      to: { name: mail.name ?? "", email: mail.to },
      emailMessage: yield* compose(deps, state, share, mail)
    })
  }
  return yield* complete(deps, job, [])
})

const compose = Effect.fnUntraced(function* (
  deps: MailPlanDeps,
  state: Consolidation.Open,
  { expiresAt, round }: PlanShare.Share,
  { by, message, name: recipient }: PlanShare.Share["mails"][number]
) {
  const { organizationId } = state
  const { state: company } = yield* deps.repository.find("company", organizationId, state.companyId)
  // Without its name the email is still of use.
  const organization = namedOr(yield* organizationName(deps, organizationId))
  const { main, steps } = ConsolidationPlan.plan(state, yield* CurrentCatalogue)
  return EmailMessage.consolidationPlan({
    requester: Actor.outwardName(by, organization),
    organization,
    company: company.name,
    mainLogin: main?.name ?? Messages.text("plan.to-be-chosen"),
    missing: steps.reduce((sum, { grants }) => sum + grants.length, 0),
    url: Redacted.value(yield* planUrl(deps, state, round)),
    expiresAt,
    ...given({ recipient, message })
  })
})
