/**
 * One renewal answers for all connections of the same login: what still lives on an earlier consent of it goes over to
 * the new one, and open requests for a new consent end with it, because nobody has to answer them any more. Accounts,
 * profiles and histories stay; reminders of the earlier consent find nothing to remind of.
 */
import { type Access, type Aggregate, Channel, Connection, type Grant, type Id } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { pageLimit } from "../../driven/Repository.ts"
import { linkOf } from "../authorizations/profiles/bindProfile.ts"
import { profileUnder } from "../connections/findFallback.ts"
import { assertUnchanged, decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"
import type { TokenDeps } from "../tokens/AccessTokens.ts"
import { complete, done, during, type JobContext, type TaskOf } from "../work/jobContext.ts"
import { loginKey } from "./endings.ts"

type SpreadDeps = ChangeDeps & TokenDeps<"provider">

/** The most pages of consents that are looked through for those of a login. */
const pagesRead = 10

/** A consent that was renewed, and who renewed it. */
interface Renewed {
  readonly grant: Grant.Active
  readonly by: Access.Caller["actor"]
}

/** Connections of the same login on earlier consents; those of a consent that ended as well, until they are bound. */
const others = Effect.fnUntraced(function* ({ repository }: Deps<"repository">, { grant }: Renewed) {
  const { channel, organizationId, region } = grant
  if (grant.grantor === undefined) return []
  const grants = yield* everyPage((page) => repository.grants(organizationId, { channel, region }, page), pagesRead)
  const earlier = grants.filter(
    (one) =>
      one.id !== grant.id &&
      loginKey(one) === loginKey(grant) &&
      DateTime.isLessThan(one.consentedAt, grant.consentedAt)
  )
  const found = yield* Effect.forEach(earlier, ({ id }) => repository.connectionsOfGrant(organizationId, id))
  return found.flat().map(({ state }) => state)
})

/** The open requests for a connection that were sent before the consent. */
const openRequests = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { id: connectionId, organizationId }: Pick<Connection.Present, "id" | "organizationId">,
  { consentedAt }: Grant.Active,
  at: DateTime.Utc
) {
  const { items } = yield* repository
    .invitations(organizationId, { connectionId, requests: true, states: ["Open"] }, { limit: pageLimit })
    .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  return items.filter(
    ({ expiresAt, issuedAt }) => DateTime.isGreaterThan(expiresAt, at) && DateTime.isLessThan(issuedAt, consentedAt)
  )
})

/** Ends the open requests for a connection: the new consent answers them. */
const answered = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  connection: Connection.Present,
  grant: Grant.Active,
  at: DateTime.Utc
) {
  const { authorizationId, organizationId } = grant
  if (authorizationId === undefined) return []
  const open = yield* openRequests(deps, connection, grant, at)
  return yield* Effect.forEach(open, ({ id }) =>
    Effect.flatMap(deps.repository.find("invitation", organizationId, id), (read) =>
      decideOn("invitation", read, { _tag: "Use", authorizationId, at })
    )
  )
})

/** Moves one connection to the new consent, when that sees its profile and nothing speaks against it. */
const moveOver = Effect.fnUntraced(function* (
  deps: SpreadDeps,
  job: JobContext,
  connection: Connection.Linked,
  { by, grant: { id: grantId } }: Renewed
) {
  const { id, organizationId } = connection
  const read = yield* deps.repository.find("grant", organizationId, grantId)
  if (read.state._tag !== "Active") return
  const profile = yield* profileUnder(deps, read.state, connection)
  if (profile === undefined) return
  yield* decideAndCommit(deps, during(job), ({ at }) =>
    Effect.gen(function* () {
      const own = yield* deps.repository.find("connection", organizationId, id)
      const grant = yield* deps.repository.find("grant", organizationId, grantId)
      const isMoved = !Connection.isLinked(own.state) || own.state.link.grantId !== connection.link.grantId
      if (grant.state._tag !== "Active" || isMoved) return { decided: [], result: undefined }
      const link = linkOf(grant.state, profile, at, by)
      return {
        decided: [
          assertUnchanged("grant", grantId, grant),
          yield* decideOn("connection", own, { _tag: "Link", link }),
          ...(yield* answered(deps, own.state, grant.state, at))
        ],
        result: undefined
      }
    })
  ).pipe(
    // A profile that no longer fits, or is held meanwhile, stays with its own consent.
    Effect.catchTag(["Refused", "ProfileTaken"], () => Effect.void)
  )
})

const renewedBy = (connection: Aggregate.Present<"connection">, grantId: Id.GrantId) =>
  Connection.isLinked(connection) && connection.link.grantId === grantId ? connection : undefined

/** Lets a renewal answer for the other connections of the same login, and for the requests that asked for it. */
export const spreadRenewal = Effect.fn("JobHandlers.spreadRenewal")(function* (
  deps: SpreadDeps,
  job: JobContext,
  { connectionId, grantId }: TaskOf<"SpreadRenewal">
) {
  const { organizationId } = job
  const { state } = yield* deps.repository.find("connection", organizationId, connectionId)
  const { state: grant } = yield* deps.repository.find("grant", organizationId, grantId)
  const connection = renewedBy(state, grantId)
  if (connection === undefined || grant._tag !== "Active") return done
  if (Channel.accessBy(grant.channel, yield* CurrentCatalogue) === "partner") return done
  yield* decideAndCommit(deps, during(job), ({ at }) =>
    Effect.map(answered(deps, connection, grant, at), (decided) => ({ decided, result: undefined }))
  )
  const renewed = { grant, by: connection.link.linkedBy }
  for (const other of yield* others(deps, renewed)) yield* moveOver(deps, job, other, renewed)
  return yield* complete(deps, job, [])
})

/** Whether two consents are known to be of one login; unknown is not the same. */
export const isSameLogin = (one: Grant.Present, other: Grant.Present): boolean =>
  one.grantor !== undefined && loginKey(one) === loginKey(other)
