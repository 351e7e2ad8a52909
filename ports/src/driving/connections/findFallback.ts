/**
 * The worker's side of losing one of several grants (rules S-R6, S-R7): another consent of the organization that gives
 * access to the same profile takes over. What a login may see mirrors the provider's own permissions, so the provider
 * is asked.
 */
import { Channel, Connection, type Grant, type Id, Profile } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { Outcome } from "../../driven/Scheduler.ts"
import { linkOf } from "../authorizations/profiles/bindProfile.ts"
import { ofIdentity } from "../authorizations/profiles/obstacles.ts"
import { assertUnchanged, decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import type { TokenDeps } from "../tokens/AccessTokens.ts"
import { accessTo, callWithToken } from "../tokens/callProvider.ts"
import { complete, completing, done, type JobContext, type TaskOf } from "../work/jobContext.ts"

type FallbackDeps = ChangeDeps & TokenDeps<"provider">

/** How many other consents are asked, the youngest first, before people are. */
export const consentsAsked = 20

/** The profile of a connection as another consent gives access to it, if it does. */
export const profileUnder = (deps: FallbackDeps, grant: Grant.Active, connection: Connection.Linked) =>
  Effect.gen(function* () {
    const { key } = connection.link.profile
    const { state: account } = yield* deps.repository.find("account", grant.organizationId, connection.accountId)
    const candidates = yield* callWithToken(deps, grant, (accessToken) =>
      deps.provider.discover(accessTo({ ...key, accountType: account.accountType }, accessToken, grant))
    )
    const found = candidates.find((candidate) => Profile.sameKey(candidate.key, key))
    if (found === undefined) return undefined
    // Nobody looks at it before it takes over, so nothing may speak against whose consent it is (rule C10).
    const doubts = ofIdentity(connection, found, grant, yield* CurrentCatalogue)
    return doubts.length === 0 ? found : undefined
  }).pipe(
    Effect.timeout("30 seconds"),
    // A consent that cannot be asked now is no help now; the person who is asked next decides.
    Effect.catch(() => Effect.succeed(undefined))
  )

const isLost = (connection: Connection.Present, grantId: Id.GrantId): connection is Connection.Linked =>
  connection._tag === "ReauthorizationNeeded" && connection.link.grantId === grantId

/** Links a connection to another consent. Gives nothing when that consent is over, so that the next one is tried. */
const takeOver = (
  deps: FallbackDeps,
  job: JobContext,
  { connectionId, grantId }: TaskOf<"FindFallback">,
  other: { readonly id: Id.GrantId; readonly profile: Profile.Candidate }
) =>
  decideAndCommit(deps, completing(job), ({ actor, at, organizationId }) =>
    Effect.gen(function* () {
      const read = yield* deps.repository.find("connection", organizationId, connectionId)
      if (!isLost(read.state, grantId)) return { decided: [], result: done }
      const grant = yield* deps.repository.find("grant", organizationId, other.id)
      if (grant.state._tag !== "Active") return yield* Effect.fail(consentOver)
      const link = linkOf(grant.state, other.profile, at, actor)
      return {
        decided: [
          yield* decideOn("connection", read, { _tag: "Link", link }),
          assertUnchanged("grant", other.id, grant)
        ],
        result: done
      }
    })
  ).pipe(Effect.catchTag("ConsentOver", () => Effect.succeed(undefined)))

const consentOver = { _tag: "ConsentOver" } as const

/** Lets another consent take over; when none gives access to the profile, nothing changes and people are asked. */
export const findFallback = Effect.fn("JobHandlers.findFallback")(function* (
  deps: FallbackDeps,
  job: JobContext,
  task: TaskOf<"FindFallback">
) {
  const { organizationId } = job
  const { state: connection } = yield* deps.repository.find("connection", organizationId, task.connectionId)
  if (!isLost(connection, task.grantId)) return done
  if (Channel.accessBy(connection.channel, yield* CurrentCatalogue) === "partner") return done
  const { items } = yield* deps.repository
    .grants(organizationId, { channel: connection.channel, states: ["Active"] }, { limit: consentsAsked })
    .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  for (const grant of items) {
    if (grant._tag !== "Active" || grant.id === task.grantId) continue
    const profile = yield* profileUnder(deps, grant, connection)
    if (profile === undefined) continue
    const taken: Outcome | undefined = yield* takeOver(deps, job, task, { id: grant.id, profile })
    if (taken !== undefined) return taken
  }
  return yield* complete(deps, job, [])
})
