/** How a company's consolidation changes. It begins with the first thing that is said about it. */
import { type Access, type Actor, Company, type Consolidation, type Id, MailQuota } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import { consumeMailQuota } from "../requests/mailQuota.ts"
import { type ChangeContext, decideAndCommit, decideOptional } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { readCompany, readConsolidation, viewConsolidation } from "./consolidationView.ts"

/** The ports of a change. */
export type ConsolidationDeps = ChangeDeps & Deps<"deployment" | "eventLog">

/** The commands on a consolidation as it is at an instant. */
export interface Commands<E> {
  (state: Consolidation.Open, at: DateTime.Utc, by: Actor.Actor): Effect.Effect<ReadonlyArray<Consolidation.Command>, E>
}

/** Decides on a company's consolidation and commits it; emails that it calls for count against the quota. */
export const writeConsolidation = <E>(
  deps: ConsolidationDeps,
  context: ChangeContext,
  company: Company.Present,
  commands: Commands<E>
) =>
  decideAndCommit(deps, context, ({ actor, at: openedAt, organizationId }) =>
    Effect.gen(function* () {
      yield* Effect.fromResult(Company.inUse(company, "Consolidation", "Change"))
      const { found, id, state } = yield* readConsolidation(deps, company)
      const consolidation = { id, organizationId, companyId: company.id, openedAt }
      const begin: ReadonlyArray<Consolidation.Command> = found === undefined ? [{ _tag: "Open", consolidation }] : []
      const all = [...begin, ...(yield* commands(state, openedAt, actor))]
      const decided = yield* decideOptional("consolidation", id, found, ...all)
      const quota = yield* consumeMailQuota(deps, organizationId, decided.events.flatMap(MailQuota.addressed))
      return { decided: [decided, ...quota], result: undefined }
    })
  )

/** Changes a company's consolidation and shows it. */
export const changeConsolidation = Effect.fnUntraced(function* <E>(
  deps: ConsolidationDeps,
  caller: Access.Caller,
  companyId: Id.CompanyId,
  commands: Commands<E>
) {
  const company = yield* readCompany(deps, caller, "connect", companyId)
  yield* writeConsolidation(deps, caller, company, commands)
  return yield* viewConsolidation(deps, caller, company)
})
