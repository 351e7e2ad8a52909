/** The organization's grant for an advertiser that is assigned to it: opened, and brought up to date. */
import { Advertiser, Connection, given, type Grant, type Id, Messages, Profile } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { linkOf } from "../authorizations/profiles/bindProfile.ts"
import { commit, type CommitContext, type Decided, decideAndCommit, decideNew, decideOn } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import type { JobContext } from "../work/jobContext.ts"

/** An assignment of an advertiser to an organization, as the directory has it. */
export interface Assigned {
  readonly tenantId: Id.OrganizationId
  readonly grantId: Id.GrantId
  readonly entry: Advertiser.Present
}

/** Records the advertiser's decision as a grant of the organization, and notifies the organization and support. */
export const openGrant = Effect.fnUntraced(function* (
  deps: ChangeDeps & Deps<"notifier">,
  job: JobContext,
  { entry, grantId, tenantId }: Assigned
) {
  const { advertiser, assignment } = entry
  const { channel, externalId: grantor, region } = advertiser.key
  const at = yield* DateTime.now
  const consentedAt = advertiser.grantedAt ?? assignment?.at ?? at
  const seenAt = Advertiser.lastSeenAt(entry)
  const grant = { id: grantId, organizationId: tenantId, channel, region, advertiser, seenAt, grantor, consentedAt }
  const opened = yield* decideNew("grant", grantId, { _tag: "Record", grant })
  yield* commit(deps, { organizationId: tenantId, actor: assignment?.by ?? job.actor, at }, [opened]).pipe(
    // The same job, handed out twice: the other one opened it.
    Effect.catchTag("VersionConflict", () => Effect.void)
  )
  // One that is back finds its connection waiting, which comes to life by itself and says so.
  const [waiting] = yield* deps.repository.holders(tenantId, [advertiser.key])
  if (waiting === undefined) {
    yield* deps.notifier.notify({
      id: job.jobId,
      organizationId: tenantId,
      topic: "advertiser-assigned",
      audience: "members-and-support",
      subject: Messages.text("advertiser.ready-title", { advertiser: advertiser.name }),
      text: Messages.text("advertiser.ready", { advertiser: advertiser.name, externalId: grantor })
    })
  }
  return (yield* deps.repository.find("grant", tenantId, grantId)).state
})

/** Carries a changed right, or a return, into the connection that is bound to the advertiser. */
export const updateGrant = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  { actor }: JobContext,
  { entry, grantId, tenantId }: Assigned,
  grant: Grant.Present
) {
  const { advertiser } = entry
  const [holder] = yield* deps.repository.holders(tenantId, [advertiser.key])
  yield* decideAndCommit(deps, { organizationId: tenantId, actor }, (context) =>
    Effect.gen(function* () {
      const read = yield* deps.repository.find("grant", tenantId, grantId)
      const seen = yield* decideOn("grant", read, {
        _tag: "SeeAdvertiser",
        advertiser,
        at: Advertiser.lastSeenAt(entry)
      })
      // A connection that comes back to it must not come back to a grant that ends in this moment.
      const decided: Array<Decided> = [{ ...seen, asserted: true }]
      if (holder !== undefined) {
        const connection = yield* deps.repository.find("connection", tenantId, holder.connectionId)
        const commands = yield* rightsOf(context, connection.state, grant, advertiser)
        decided.push(yield* decideOn("connection", connection, ...commands))
      }
      return { decided, result: undefined }
    })
  )
})

const rightsOf = Effect.fnUntraced(function* (
  { actor, at }: CommitContext,
  connection: Connection.Present,
  grant: Grant.Present,
  advertiser: Profile.Advertiser
) {
  const { id: grantId } = grant
  const commands: Array<Connection.Command> = []
  if (!Connection.isLinked(connection)) return commands
  const missing = Profile.lacks(advertiser, yield* CurrentCatalogue)
  if (connection.link.grantId === grantId) commands.push(given({ _tag: "CheckRights", grantId, at, missing }))
  else commands.push({ _tag: "Link", link: linkOf(grant, advertiser, at, actor) })
  return commands
})
