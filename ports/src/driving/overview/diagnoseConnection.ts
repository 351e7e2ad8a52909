import type { Access, Check, Id } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { readSubject } from "./diagnosisSubject.ts"
import { diagnosisView } from "./diagnosisView.ts"
import type { InspectDeps } from "./inspectAccess.ts"
import { inspectAndRecord, recordDiagnosis } from "./recordDiagnosis.ts"

/** A person's answer to a check. */
export interface Answer {
  readonly check: Check.CheckId
  readonly holds: boolean
}

/** The checklist of a connection, from what is known now. Asks nobody and changes nothing. */
export const view = Effect.fn("Diagnoses.view")(function* (
  deps: Deps<"deployment" | "repository" | "secrets">,
  caller: Access.Caller,
  connectionId: Id.ConnectionId
) {
  const { state } = yield* AccessScope.connection(deps, caller, "read", connectionId)
  const subject = yield* readSubject(deps, state)
  return diagnosisView(deps.deployment, subject, yield* CurrentCatalogue)
})

/**
 * Asks the provider now. What has healed is put to use at once: profiles that appeared can be chosen, a right that is
 * back lifts the limit. A consent that the provider refuses is lost, and another one takes over where there is one
 * (rule S-R7).
 */
export const observe = Effect.fn("Diagnoses.observe")(function* (
  deps: InspectDeps & ChangeDeps,
  caller: Access.Caller,
  connectionId: Id.ConnectionId
) {
  const { state } = yield* AccessScope.connection(deps, caller, "connect", connectionId)
  yield* inspectAndRecord(deps, caller.actor, yield* readSubject(deps, state))
  return yield* view(deps, caller, connectionId)
})

/** Records a person's answer to a check about which the provider says nothing. Facts that come later count more. */
export const answer = Effect.fn("Diagnoses.answer")(function* (
  deps: ChangeDeps & Deps<"deployment">,
  caller: Access.Caller,
  connectionId: Id.ConnectionId,
  { check, holds }: Answer
) {
  yield* AccessScope.connection(deps, caller, "connect", connectionId)
  const by = caller.actor
  yield* recordDiagnosis(deps, caller, { connectionId, command: (at) => ({ _tag: "Answer", check, holds, by, at }) })
  return yield* view(deps, caller, connectionId)
})
