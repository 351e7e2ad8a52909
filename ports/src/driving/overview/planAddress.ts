/**
 * The address that shows a consolidation plan to somebody without a sign-in (flow F4). Its token names the organization
 * and the consolidation and ends in 256 bits derived from the round, so it is found without a list of addresses, cannot
 * be guessed, and stops working with the next round.
 */
import {
  Actor,
  type Catalogue,
  type Consolidation,
  ConsolidationPlan,
  given,
  type Id,
  Messages,
  PlanShare,
  Refusal
} from "@portolan/domain"
import { DateTime, Effect, Redacted } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { planUri } from "../../driven/Deployment.ts"
import { NotFound } from "../../driven/Repository.ts"
import type { Deps } from "../shared/deps.ts"
import { requireOpen } from "../shared/openOrganization.ts"

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

const secretOf = ({ secrets }: Deps<"secrets">, id: Id.ConsolidationId, round: number) =>
  secrets.derive("plan-token", `${id}/${round}`)

/** The address of a round of a consolidation's plan. */
export const planUrl = (
  deps: Deps<"deployment" | "secrets">,
  { id, organizationId }: Pick<Consolidation.Open, "id" | "organizationId">,
  round: number
): Effect.Effect<Redacted.Redacted<string>> =>
  Effect.map(secretOf(deps, id, round), (secret) => {
    const token = `${organizationId.slice(4)}${id.slice(4)}${Redacted.value(secret)}`
    return Redacted.make(planUri(deps.deployment.origin, token))
  })

const notThere = () => new NotFound({ kind: "plan", id: "" })

/** Compares digests, so that the time it takes says nothing about the token. */
const isSame = Effect.fnUntraced(function* (
  { secrets }: Deps<"secrets">,
  one: Redacted.Redacted<string>,
  other: Redacted.Redacted<string>
) {
  return (yield* secrets.digest(one)) === (yield* secrets.digest(other))
})

/**
 * Reads the plan behind a token. A token that never was and one that a newer one replaced are not found in the same
 * words; the latest one is refused with the reason when its time is over or it was withdrawn.
 */
export const readSharedPlan = Effect.fnUntraced(function* (
  deps: Deps<"repository" | "secrets">,
  token: Redacted.Redacted<string>
) {
  const [, organization, consolidation, secret] = shape.exec(Redacted.value(token)) ?? []
  if (organization === undefined || consolidation === undefined || secret === undefined) return yield* notThere()
  const organizationId = `org_${organization}` as Id.OrganizationId
  const { state } = yield* Effect.catchTag(
    deps.repository.find("consolidation", organizationId, `cns_${consolidation}`),
    "NotFound",
    () => Effect.fail(notThere())
  )
  yield* requireOpen(deps, organizationId, "Consolidation", "ShowPlan")
  const { share } = state
  if (share === undefined) return yield* notThere()
  const latest = yield* secretOf(deps, state.id, share.round)
  if (!(yield* isSame(deps, latest, Redacted.make(secret)))) return yield* notThere()
  if (!PlanShare.isLive(share, share.round, yield* DateTime.now)) return yield* over(share)
  const { state: company } = yield* deps.repository.find("company", organizationId, state.companyId)
  // The plan of a company that was removed is shown to nobody.
  if (company._tag === "Removed") return yield* over({ ...share, withdrawnAt: company.removedAt })
  return sharedPlan(state, share, company.name, yield* CurrentCatalogue)
})

const over = ({ withdrawnAt }: PlanShare.Share) =>
  withdrawnAt === undefined
    ? Refusal.make("Consolidation", "ShowPlan", "expired", {
        detail: Messages.say("plan.address-over", { days: PlanShare.shareDays }),
        nextStep: Messages.say("plan.ask-for-address")
      })
    : Refusal.make("Consolidation", "ShowPlan", "revoked", {
        detail: Messages.say("plan.no-longer-shared"),
        nextStep: Messages.say("plan.ask-for-address")
      })

const sharedPlan = (
  state: Consolidation.Open,
  share: PlanShare.Share,
  company: string,
  catalogue: Catalogue.Catalogue
): SharedPlan => {
  const { doubts, main, steps, unsolved, visible } = ConsolidationPlan.plan(state, catalogue)
  return {
    company,
    sharedBy: Actor.describe(share.sharedBy),
    expiresAt: share.expiresAt,
    ...given({ mainLogin: main?.name }),
    steps: steps.map(({ lines, login }) => ({ login: login.name, lines })),
    done: visible.filter(({ permission }) => permission === "edit").map(({ account }) => account.name),
    open: [...unsolved, ...doubts].map(({ account, detail, nextStep }) => ({ account: account.name, detail, nextStep }))
  }
}
