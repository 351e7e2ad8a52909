import { type Access, type Actor, type Consolidation, given, type Id, PlanShare } from "@portolan/domain"
import { type DateTime, Effect, type Redacted } from "effect"
import type { Deps } from "../shared/deps.ts"
import { changeConsolidation, type ConsolidationDeps } from "./changeConsolidation.ts"
import type { Recipient } from "./consolidationInput.ts"
import { readSharedPlan } from "./planAddress.ts"

const nextRound = ({ share: current }: Consolidation.Open) => (current?.round ?? 0) + 1

const sharing = (state: Consolidation.Open, by: Actor.Actor, at: DateTime.Utc) =>
  ({ _tag: "Share", round: nextRound(state), by, at }) as const

/** Makes an address that shows the plan without a sign-in, for 30 days; an earlier one stops working. */
export const share = Effect.fn("Consolidations.share")(
  (deps: ConsolidationDeps, caller: Access.Caller, companyId: Id.CompanyId) =>
    changeConsolidation(deps, caller, companyId, (state, at, by) => Effect.succeed([sharing(state, by, at)]))
)

/** Withdraws the address. */
export const unshare = Effect.fn("Consolidations.unshare")(
  (deps: ConsolidationDeps, caller: Access.Caller, companyId: Id.CompanyId) =>
    changeConsolidation(deps, caller, companyId, (state, at, by) =>
      Effect.succeed([{ _tag: "WithdrawShare", round: state.share?.round ?? 0, by, at }])
    )
)

/** Mails the address to somebody who has to sign in for the plan; makes one when there is none that works. */
export const mail = Effect.fn("Consolidations.mail")(
  (deps: ConsolidationDeps, caller: Access.Caller, companyId: Id.CompanyId, { email, message, name }: Recipient) =>
    changeConsolidation(deps, caller, companyId, (state, at, by) => {
      const current = state.share
      const live = PlanShare.isLive(current, current?.round ?? 0, at) ? current : undefined
      const number = (live?.mails.length ?? 0) + 1
      const mailed: Consolidation.Command = {
        _tag: "MailPlan",
        round: live?.round ?? nextRound(state),
        mail: given({ number, to: email, by, at, name, message })
      }
      return Effect.succeed(live === undefined ? [sharing(state, by, at), mailed] : [mailed])
    })
)

/** Reads the plan behind an address, for anybody who has it. */
export const shared = Effect.fn("Consolidations.shared")(
  (deps: Deps<"repository" | "secrets">, token: Redacted.Redacted<string>) => readSharedPlan(deps, token)
)
