import { type Access, type Id, Window } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { NotFound } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { backfillView, type ConnectionDetail, evidenceOf, type Ledger, openIncidents } from "./connectionView.ts"
import { sideBySide } from "../shared/sideBySide.ts"

/** Reads the first load of a connection, window by window. */
export const ledger = Effect.fn("Connections.ledger")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  id: Id.ConnectionId
) {
  const { organizationId } = caller
  const read = [
    AccessScope.connection(deps, caller, "read", id),
    deps.repository.backfillOf(organizationId, id)
  ] as const
  const [, { state }] = yield* sideBySide(...read)
  const windows = yield* deps.repository.windows(organizationId, state.id)
  // What came after the first load is no part of its ledger.
  const ofLoad = windows.flatMap((window) => (window.state.round === undefined ? [window.state] : []))
  return { ...backfillView(state, Window.tallies(ofLoad), yield* DateTime.now), windows: ofLoad } satisfies Ledger
})

/** Reads one connection with its account and its company. */
export const view = Effect.fn("Connections.view")(function* (
  deps: Deps<"readModels" | "repository">,
  caller: Access.Caller,
  id: Id.ConnectionId
) {
  const read = [
    AccessScope.connection(deps, caller, "read", id),
    deps.readModels.surroundings(caller.organizationId, id),
    openIncidents(deps)
  ] as const
  const [{ state }, { account, company, ...around }, incidents] = yield* sideBySide(...read)
  if (account === undefined) return yield* new NotFound({ kind: "account", id: state.accountId })
  if (company === undefined) return yield* new NotFound({ kind: "company", id: account.companyId })
  return { ...(yield* evidenceOf(state, around, incidents)), account, company } satisfies ConnectionDetail
})
