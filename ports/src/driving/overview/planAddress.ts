/**
 * The address that shows a consolidation plan to somebody without a sign-in (flow F4). Its token names the organization and
 * the consolidation and ends in 256 bits derived from the round, so it is found without a list of addresses, cannot be
 * guessed, and stops working with the next round.
 */
import { Actor, type Consolidation, ConsolidationPlan, Id, PlanShare, Refused } from "@portolan/domain"
import { type DateTime, DateTime as Time, Effect, Redacted } from "effect"
import { Repository, NotFound } from "../../driven/Repository.ts"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { Deployment, planUri } from "../../driven/Deployment.ts"
import { Secrets } from "../../driven/Secrets.ts"

/** The plan as an outsider sees it: text for people, and nothing else of the organization. */
export interface SharedPlan {
  readonly company: string
  readonly sharedBy: string
  readonly expiresAt: DateTime.Utc
  readonly mainLogin?: string
  /** In order: who signs in, then what to do there, line by line. */
  readonly steps: ReadonlyArray<{ readonly login: string; readonly lines: ReadonlyArray<string> }>
  /** The accounts that the main login sees with the right to edit. */
  readonly done: ReadonlyArray<string>
  /** What cannot be planned or is doubtful. */
  readonly open: ReadonlyArray<{ readonly account: string; readonly detail: string; readonly nextStep: string }>
}

const shape = /^([0-9a-hjkmnp-tv-z]{26})([0-9a-hjkmnp-tv-z]{26})([A-Za-z0-9_-]{43})$/u

/** Builds the reader and writer, once per service. */
export const makePlanAddress = Effect.gen(function* () {
  const catalogue = yield* CurrentCatalogue
  const store = yield* Repository
  const secrets = yield* Secrets
  const deployment = yield* Deployment

  const secret = (id: Id.ConsolidationId, round: number) => secrets.derive("plan-token", `${id}/${round}`)

  /** The address of a round. */
  const of = ({ id, organizationId }: Pick<Consolidation.Open, "id" | "organizationId">, round: number) =>
    Effect.map(secret(id, round), (derived) =>
      Redacted.make(planUri(deployment.origin, `${organizationId.slice(4)}${id.slice(4)}${Redacted.value(derived)}`))
    )

  const gone = new NotFound({ kind: "plan", id: "" })

  const matches = Effect.fnUntraced(function* (one: Redacted.Redacted<string>, other: Redacted.Redacted<string>) {
    // Digests are compared, so that the time it takes says nothing about the token.
    return (yield* secrets.digest(one)) === (yield* secrets.digest(other))
  })

  const shown = (state: Consolidation.Open, share: PlanShare.Share, company: string): SharedPlan => {
    const plan = ConsolidationPlan.plan(state, catalogue)
    return {
      company,
      sharedBy: Actor.describe(share.sharedBy),
      expiresAt: share.expiresAt,
      ...(plan.main === undefined ? {} : { mainLogin: plan.main.name }),
      steps: plan.steps.map(({ lines, login }) => ({ login: login.name, lines })),
      done: plan.visible.filter(({ permission }) => permission === "edit").map(({ account }) => account.name),
      open: [...plan.unsolved, ...plan.doubts].map(({ account, detail, nextStep }) => ({
        account: account.name,
        detail,
        nextStep
      }))
    }
  }

  /** The plan behind a token. */
  const read = Effect.fnUntraced(function* (token: Redacted.Redacted<string>) {
    const [, organization, consolidation, given] = shape.exec(Redacted.value(token)) ?? []
    if (organization === undefined || consolidation === undefined || given === undefined) return yield* gone
    const organizationId = `org_${organization}` as Id.OrganizationId
    const { state } = yield* Effect.catchTag(
      store.find("consolidation", organizationId, `cns_${consolidation}`),
      "NotFound",
      () => Effect.fail(gone)
    )
    const { share } = state
    if (share === undefined || !(yield* matches(yield* secret(state.id, share.round), Redacted.make(given))))
      return yield* gone
    if (!PlanShare.isLive(share, share.round, yield* Time.now)) {
      const withdrawn = share.withdrawnAt !== undefined
      return yield* new Refused.Refused({
        subject: "Consolidation",
        asked: "ShowPlan",
        reason: withdrawn ? "revoked" : "expired",
        detail: withdrawn
          ? "This plan is no longer shared."
          : `This address worked for ${PlanShare.shareDays} days, and they are over.`,
        nextStep: "Ask the person who sent it to you for a new address."
      })
    }
    const { state: company } = yield* store.find("company", organizationId, state.companyId)
    return shown(state, share, company.name)
  })

  return { of, read }
})
