import { Actor, type Awaited, Channel, type Connection, Id } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { decideAndCommit, decideOptional } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { fixedId } from "../shared/fixedId.ts"
import { complete, done, type JobContext, type TaskOf } from "../work/jobContext.ts"
import { findOptional } from "./findOptional.ts"

/** Copies what a connection waits for to the operators; also that it no longer waits. */
export const reconcileAwaited = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  job: JobContext,
  { connectionId }: TaskOf<"ReconcileAwaited">
) {
  const { repository } = deps
  const { organizationId: tenantId } = job
  const { state: first } = yield* repository.find("connection", tenantId, connectionId)
  if (Channel.accessBy(first.channel, yield* CurrentCatalogue) !== "partner") return done
  const { state: account } = yield* repository.find("account", tenantId, first.accountId)
  const tenant = yield* findOptional(repository.find("organization", tenantId, tenantId))
  const names = { tenantName: tenant?.state.name ?? tenantId, accountName: account.name }
  const id = yield* fixedId(deps, "awaited", connectionId)
  yield* decideAndCommit(deps, { organizationId: Id.installation, actor: job.actor }, ({ at, organizationId }) =>
    Effect.gen(function* () {
      // The copy first: a change of it after the connection was read makes this attempt start over.
      const read = yield* findOptional(repository.find("awaited", organizationId, id))
      const { state: connection } = yield* repository.find("connection", tenantId, connectionId)
      const decided = yield* decideOptional("awaited", id, read, commandFor(id, connection, names, at))
      return { decided: [decided], result: undefined }
    })
  )
  return yield* complete(deps, job, [])
})

const commandFor = (
  id: Id.AwaitedId,
  connection: Connection.Present,
  names: { readonly tenantName: string; readonly accountName: string },
  at: DateTime.Utc
): Awaited.Command => {
  if (connection._tag !== "AwaitingAccess" || connection.expected.arrived !== undefined) return { _tag: "Settle", at }
  const { expected, id: connectionId, marketplaceId, organizationId: tenantId } = connection
  return {
    _tag: "Await",
    awaited: {
      ...names,
      id,
      organizationId: Id.installation,
      tenantId,
      connectionId,
      marketplaceId,
      advertiser: expected.advertiser,
      requestedBy: Actor.describe(expected.by),
      since: expected.since
    }
  }
}
