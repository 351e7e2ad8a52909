/** Puts diagnoses on record, and puts to use at once what an inspection proves. */
import { type Actor, type Diagnosis, given, type Id, Permission } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { type ChangeContext, decideAndCommit, decideOn, decideOptional } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { diagnosisId, readSubject, showsAdvertising, type Subject } from "./diagnosisSubject.ts"
import { type InspectDeps, type Inspection, inspectAccess } from "./inspectAccess.ts"

/** What comes on record about a connection: a command, and an inspection whose proofs are put to use. */
export interface DiagnosisRecord {
  readonly connectionId: Id.ConnectionId
  readonly command: (at: DateTime.Utc) => Diagnosis.Command
  readonly inspection?: Inspection
}

/** Puts a command on record. The connection is read anew with each attempt. */
export const recordDiagnosis = (
  deps: ChangeDeps,
  context: ChangeContext,
  { command, connectionId, inspection }: DiagnosisRecord
) =>
  decideAndCommit(deps, context, ({ at, organizationId }) =>
    Effect.gen(function* () {
      const { state: connection } = yield* deps.repository.find("connection", organizationId, connectionId)
      const subject = yield* readSubject(deps, connection)
      const id = yield* diagnosisId(deps, connectionId)
      const commands = [...opening(subject, id, at), command(at)]
      const decided = yield* decideOptional("diagnosis", id, subject.diagnosis, ...commands)
      // The authorization or the connection may have moved on during the inspection; then there is nothing to put to
      // use.
      const healed =
        inspection === undefined
          ? []
          : yield* Effect.catchTag(healedBy(deps, subject, inspection), "Refused", () => Effect.succeed([]))
      return { decided: [decided, ...healed], result: decided.next as Diagnosis.Open }
    })
  )

/** The command that opens a diagnosis; none when there is one. */
const opening = (
  { connection, diagnosis }: Subject,
  id: Id.DiagnosisId,
  openedAt: DateTime.Utc
): ReadonlyArray<Diagnosis.Command> => {
  if (diagnosis !== undefined) return []
  const { accountId, channel, companyId, id: connectionId, organizationId } = connection
  return [{ _tag: "Open", diagnosis: { id, organizationId, companyId, accountId, connectionId, channel, openedAt } }]
}

/** What an inspection proves beyond the checklist: a profile that has appeared, a right that is back. */
const healedBy = Effect.fnUntraced(function* (deps: Deps<"repository">, subject: Subject, inspection: Inspection) {
  return [...(yield* appeared(deps, subject, inspection)), ...(yield* rightsBack(deps, subject, inspection))]
})

const appeared = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { authorization, connection }: Subject,
  { at, candidates = [] }: Inspection
) {
  if (authorization === undefined || authorization.candidates.length > 0 || candidates.length === 0) return []
  const read = yield* repository.find("authorization", connection.organizationId, authorization.id)
  if (read.state._tag !== "AwaitingSelection") return []
  return [yield* decideOn("authorization", read, { _tag: "FindCandidates", candidates, at })]
})

const rightsBack = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { connection }: Subject,
  { at, facts }: Inspection
) {
  const { permission, profileVisible } = facts
  const catalogue = yield* CurrentCatalogue
  if (connection._tag !== "Limited" || !showsAdvertising(connection.channel, catalogue)) return []
  if (permission === undefined || profileVisible !== true) return []
  const missing = Permission.missing(permission, connection.channel, catalogue)
  const read = yield* repository.find("connection", connection.organizationId, connection.id)
  const { grantId } = connection.link
  return [yield* decideOn("connection", read, given({ _tag: "CheckRights", grantId, at, missing }))]
})

/** Inspects a connection now and puts on record what was found; gives the diagnosis as it is then. */
export const inspectAndRecord = Effect.fnUntraced(function* (
  deps: InspectDeps & ChangeDeps,
  actor: Actor.Actor,
  subject: Subject
) {
  const { id: connectionId, organizationId } = subject.connection
  const context = { organizationId, actor }
  const inspection = yield* inspectAccess(deps, subject)
  const { at, facts } = inspection
  const command = (): Diagnosis.Command => ({ _tag: "Observe", facts, at })
  return yield* recordDiagnosis(deps, context, { connectionId, command, inspection })
})
