/**
 * The worker's side of losing one of several grants (rules S-R6, S-R7): another consent of the organization that sees the same
 * profile takes over. What is visible mirrors the provider's own permissions, so it is asked, not remembered.
 */
import { Channel, Connection, type Grant, type Job, Profile } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { Repository } from "../../driven/Repository.ts"
import { ProviderApi } from "../../driven/ProviderApi.ts"
import { AccessTokens } from "../tokens/AccessTokens.ts"
import { decide, onConflictAgain, standing } from "../shared/change.ts"
import { done, type JobContext, makeRecords } from "../work/job.ts"
import { makeSelecting } from "../authorizations/selecting.ts"
import { accessTo, withToken } from "../tokens/withToken.ts"

/** Other consents that are asked, the youngest first, before people are. */
export const consentsAsked = 20

/** Builds the handler, once per service. */
export const makeFallback = Effect.gen(function* () {
  const store = yield* Repository
  const provider = yield* ProviderApi
  const tokens = yield* AccessTokens
  const { finish } = yield* makeRecords
  const selecting = yield* makeSelecting

  const sees = (grant: Grant.Active, connection: Connection.Linked) =>
    Effect.gen(function* () {
      const { key } = connection.link.profile
      const { state: account } = yield* store.find("account", grant.organizationId, connection.accountId)
      const seen = yield* withToken(tokens, grant.organizationId, grant.id, (accessToken) =>
        provider.discover(accessTo({ ...key, accountType: account.accountType }, accessToken, grant))
      )
      return seen.find((candidate) => Profile.sameKey(candidate.key, key))
    }).pipe(
      Effect.timeout("30 seconds"),
      // A consent that cannot be asked now is no help now; the person who is asked next decides.
      Effect.catch(() => Effect.succeed(undefined))
    )

  /** Lets another consent take over; when none sees the profile, nothing changes and people are asked. */
  const find = (job: JobContext, { connectionId, grantId }: Extract<Job.Task, { readonly _tag: "FindFallback" }>) =>
    Effect.gen(function* () {
      const { organizationId } = job
      const { state: connection } = yield* store.find("connection", organizationId, connectionId)
      const lost =
        Connection.isLinked(connection) &&
        connection._tag === "ReauthorizationNeeded" &&
        connection.link.grantId === grantId
      if (!lost || Channel.accessBy(connection.channel) === "partner") return done
      const { items } = yield* store
        .grants(organizationId, { channel: connection.channel, states: ["Active"] }, { limit: consentsAsked })
        .pipe(Effect.catchTag("InvalidCursor", Effect.die))
      for (const grant of items) {
        if (grant._tag !== "Active" || grant.id === grantId) continue
        const profile = yield* sees(grant, connection)
        if (profile === undefined) continue
        const taken = yield* onConflictAgain(
          Effect.gen(function* () {
            const read = yield* store.find("connection", organizationId, connectionId)
            const at = yield* DateTime.now
            if (read.state._tag !== "ReauthorizationNeeded" || read.state.link.grantId !== grantId)
              return yield* finish(job, at, [])
            const other = yield* store.find("grant", organizationId, grant.id)
            if (other.state._tag !== "Active") return undefined
            const link = selecting.linkOf(other.state, profile, at, job.actor)
            return yield* finish(job, at, [
              yield* Effect.fromResult(decide("connection", connectionId, read, { _tag: "Link", link })),
              standing("grant", grant.id, other)
            ])
          })
        )
        if (taken !== undefined) return taken
      }
      return yield* finish(job, yield* DateTime.now, [])
    })

  return { find }
})
