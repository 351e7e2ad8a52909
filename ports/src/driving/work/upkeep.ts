/** The worker's side of everything that must happen by itself: expiries, reminders, proofs, and forgetting tokens. */
import {
  type Aggregate,
  type Authorization,
  Channel,
  Connection,
  Evidence,
  type Grant,
  type Id,
  Job,
  Profile
} from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { Repository } from "../../driven/Repository.ts"
import { Notifier } from "../../driven/Notifier.ts"
import { ProviderApi } from "../../driven/ProviderApi.ts"
import { TokenVault } from "../../driven/TokenVault.ts"
import { AccessTokens } from "../tokens/AccessTokens.ts"
import { open } from "../tokens/storedTokens.ts"
import { decide, onConflictAgain } from "../shared/change.ts"
import { done, dueNow, type JobContext, makeRecords } from "./job.ts"
import { accessTo, withToken } from "../tokens/withToken.ts"

type Of<T extends Job.Task["_tag"]> = Extract<Job.Task, { readonly _tag: T }>

/** What support hears of, too: it may have to act, or be asked (rules P-R13, W-R10; flow F2, step 5). */
const forSupport: ReadonlySet<Job.Topic> = new Set(["overdue", "caught-up", "access-overdue"])

/** Ends that the provider has shown: whoever still uses such a grant has lost it. */
const proven: ReadonlySet<Grant.End> = new Set(["refused-by-provider", "access-removed"])

/** Builds the handlers, once per service. */
export const makeUpkeep = Effect.gen(function* () {
  const store = yield* Repository
  const provider = yield* ProviderApi
  const tokens = yield* AccessTokens
  const vault = yield* TokenVault
  const notifier = yield* Notifier
  const { commit, finish, commitContext, limit, loseGrant, prove } = yield* makeRecords

  /** Closes an authorization nobody came back from, and tells its link. */
  const expireAuthorization = (job: JobContext, { authorizationId }: Of<"ExpireAuthorization">) =>
    onConflictAgain(
      Effect.gen(function* () {
        const at = yield* dueNow(job)
        const authorization = yield* store.find("authorization", job.organizationId, authorizationId)
        const expired = yield* Effect.fromResult(
          decide("authorization", authorizationId, authorization, { _tag: "Expire", at })
        )
        if (expired.events.length === 0 || authorization.state.origin._tag !== "ByLink")
          return yield* finish(job, at, [expired])
        const { invitationId } = authorization.state.origin
        const link = yield* store.find("invitation", job.organizationId, invitationId)
        const told = yield* Effect.fromResult(
          decide("invitation", invitationId, link, {
            _tag: "EndAttempt",
            authorizationId,
            outcome: "nobody came back from the provider",
            at
          })
        )
        return yield* finish(job, at, [expired, told])
      })
    )

  const expireInvitation = (job: JobContext, { invitationId }: Of<"ExpireInvitation">) =>
    onConflictAgain(
      Effect.gen(function* () {
        const at = yield* dueNow(job)
        const link = yield* store.find("invitation", job.organizationId, invitationId)
        return yield* finish(job, at, [
          yield* Effect.fromResult(decide("invitation", invitationId, link, { _tag: "Expire", at }))
        ])
      })
    )

  /** How long profiles are looked for by themselves; a new campaign takes up to a day to show (rule P-R2). */
  const lookFor = { days: 14 } as const

  /** Puts it on record that a list which could not be read before is empty, which tells more. */
  const readEmpty = (job: JobContext, authorizationId: Authorization.Present["id"]) =>
    onConflictAgain(
      Effect.gen(function* () {
        const read = yield* store.find("authorization", job.organizationId, authorizationId)
        if (read.state._tag !== "AwaitingSelection" || read.state.listFailed === undefined) return
        const at = yield* DateTime.now
        yield* commit({ ...commitContext(job), at }, [
          yield* Effect.fromResult(
            decide("authorization", authorizationId, read, { _tag: "FindCandidates", candidates: [], at })
          )
        ])
      })
    )

  /** Looks again what a waiting consent can see; comes back every hour while there is nothing. */
  const findCandidates = (job: JobContext, { authorizationId }: Of<"FindCandidates">) =>
    Effect.gen(function* () {
      const { state: authorization } = yield* store.find("authorization", job.organizationId, authorizationId)
      if (authorization._tag !== "AwaitingSelection" || authorization.candidates.length > 0) return done
      const { state: grant } = yield* store.find("grant", job.organizationId, authorization.grantId)
      const candidates = yield* withToken(tokens, job.organizationId, authorization.grantId, (accessToken) =>
        provider.discover(accessTo(authorization, accessToken, grant))
      )
      const now = yield* DateTime.now
      if (candidates.length === 0) {
        if (authorization.listFailed) yield* readEmpty(job, authorizationId)
        return DateTime.isLessThan(now, DateTime.add(authorization.consentedAt, lookFor))
          ? ({ _tag: "RetryAt", at: DateTime.add(now, { hours: Job.lookAgainHours }) } as const)
          : done
      }
      return yield* onConflictAgain(
        Effect.gen(function* () {
          const read = yield* store.find("authorization", job.organizationId, authorizationId)
          // Dismissed or chosen while the provider was asked.
          if (read.state._tag !== "AwaitingSelection") return done
          const at = yield* DateTime.now
          return yield* finish(job, at, [
            yield* Effect.fromResult(
              decide("authorization", authorizationId, read, { _tag: "FindCandidates", candidates, at })
            )
          ])
        })
      )
    }).pipe(
      // The consent was withdrawn while it waited: nothing is to be chosen any more.
      Effect.catchTag("GrantRefused", () => dismissLost(job, authorizationId)),
      Effect.catchTag("PermissionMissing", () => Effect.succeed(done))
    )

  const dismissLost = (job: JobContext, authorizationId: Authorization.Present["id"]) =>
    onConflictAgain(
      Effect.gen(function* () {
        const at = yield* DateTime.now
        const authorization = yield* store.find("authorization", job.organizationId, authorizationId)
        if (authorization.state._tag !== "AwaitingSelection") return done
        const connection = yield* store.find("connection", job.organizationId, authorization.state.connectionId)
        return yield* finish(job, at, [
          yield* Effect.fromResult(
            decide("authorization", authorizationId, authorization, {
              _tag: "Dismiss",
              at,
              by: job.actor,
              because: "The consent was withdrawn at the provider before a profile was chosen."
            })
          ),
          yield* Effect.fromResult(
            decide("connection", connection.state.id, connection, { _tag: "DropSelection", authorizationId })
          )
        ])
      })
    )

  const remindSelection = (job: JobContext, { authorizationId }: Of<"RemindSelection">) =>
    Effect.gen(function* () {
      const { state: authorization } = yield* store.find("authorization", job.organizationId, authorizationId)
      if (authorization._tag !== "AwaitingSelection") return done
      const { state: account } = yield* store.find("account", job.organizationId, authorization.accountId)
      yield* notifier.notify({
        id: job.jobId,
        organizationId: job.organizationId,
        topic: "selection-waiting",
        connectionId: authorization.connectionId,
        audience: "members",
        subject: `${account.name}: a profile still has to be chosen`,
        text: `Consent for the ${Channel.label(authorization.channel)} was given. Choose the profile under Pending authorizations.`
      })
      return yield* finish(job, yield* DateTime.now, [])
    })

  /** Asks the provider whether the bound profile is still there; no push tells of a withdrawal. Comes back daily. */
  const proveConnection = (job: JobContext, { connectionId, grantId }: Of<"ProveConnection">) =>
    Effect.gen(function* () {
      const { state: connection } = yield* store.find("connection", job.organizationId, connectionId)
      if (!Connection.isLinked(connection) || connection._tag === "ReauthorizationNeeded") return done
      const { link } = connection
      // A later consent has its own daily proof.
      if (link.grantId !== grantId) return done
      // Nobody asks a provider about what is paused; and an advertiser's access is proven by the looks for advertisers.
      if (connection.paused !== undefined || Channel.accessBy(connection.channel) === "partner") return yield* tomorrow
      const { state: grant } = yield* store.find("grant", job.organizationId, grantId)
      const { state: account } = yield* store.find("account", job.organizationId, connection.accountId)
      return yield* withToken(tokens, job.organizationId, grantId, (accessToken) =>
        provider.discover(accessTo({ ...link.profile.key, accountType: account.accountType }, accessToken, grant))
      ).pipe(
        Effect.flatMap((seen) => rightsSeen(job, connectionId, grantId, missingFrom(connection, seen))),
        Effect.andThen(tomorrow),
        // The grant that was refused is the one that was asked with; the connection may live on another one by now.
        Effect.catchTag("GrantRefused", () => Effect.as(loseGrant(job, grantId), done)),
        Effect.catchTag("PermissionMissing", (failure) =>
          Effect.andThen(limit(job, connectionId, grantId, failure), tomorrow)
        )
      )
    })

  const rightsSeen = (
    job: JobContext,
    connectionId: Id.ConnectionId,
    grantId: Id.GrantId,
    missing: string | undefined
  ) =>
    onConflictAgain(
      Effect.gen(function* () {
        const read = yield* store.find("connection", job.organizationId, connectionId)
        const decided = yield* prove(read, (at) => ({
          _tag: "CheckRights",
          grantId,
          at,
          ...(missing === undefined ? {} : { missing })
        }))
        yield* commit({ ...commitContext(job), at: yield* DateTime.now }, decided)
      })
    )

  const tomorrow = Effect.map(
    DateTime.now,
    (now) => ({ _tag: "RetryAt", at: DateTime.add(now, { hours: Job.proofHours }) }) as const
  )

  const missingFrom = (connection: Connection.Linked, seen: ReadonlyArray<Profile.Candidate>): string | undefined => {
    const own = seen.find((candidate) => Profile.sameKey(candidate.key, connection.link.profile.key))
    if (own === undefined) return "access to the profile (this login no longer sees it)"
    return Profile.lacks(own)
  }

  const remindExpiry = (job: JobContext, { connectionId, expiresAt, grantId }: Of<"RemindExpiry">) =>
    Effect.gen(function* () {
      const { state: connection } = yield* store.find("connection", job.organizationId, connectionId)
      // Who has to authorize again anyway was told so already.
      if (!Connection.isLinked(connection) || connection._tag === "ReauthorizationNeeded") return done
      if (connection.link.grantId !== grantId) return done
      const { state: account } = yield* store.find("account", job.organizationId, connection.accountId)
      const now = yield* DateTime.now
      const days = Math.max(
        0,
        Math.ceil((DateTime.toEpochMillis(expiresAt) - DateTime.toEpochMillis(now)) / 86_400_000)
      )
      yield* notifier.notify({
        id: job.jobId,
        organizationId: job.organizationId,
        topic: "consent-ends",
        connectionId,
        audience: "members",
        subject: `${account.name}: the consent ends in ${days} days`,
        text:
          `The consent for the ${Channel.label(connection.channel)} ends on ${DateTime.formatIsoDate(expiresAt)}. ` +
          "Authorize again as the same seller before that day; nothing is lost. If somebody else owns the account, ask that person " +
          "under Requests."
      })
      return yield* finish(job, now, [])
    })

  /** Asks the provider to end a consent (rule C14). Best effort: no trouble of it keeps the tokens from being forgotten. */
  const revoked = (job: JobContext, { authorizationId, channel, id, region }: Aggregate.Present<"grant">) =>
    Effect.gen(function* () {
      if (authorizationId === undefined) return undefined
      const { state: authorization } = yield* store.find("authorization", job.organizationId, authorizationId)
      const stored = yield* vault.get(job.organizationId, id)
      return yield* provider
        .revoke({
          channel,
          region,
          accountType: authorization.accountType,
          marketplaceId: authorization.marketplaceId,
          refreshToken: (yield* open(stored.secret)).refreshToken
        })
        .pipe(Effect.timeout("30 seconds"))
    }).pipe(
      Effect.catch((error): Effect.Effect<Grant.Revocation> =>
        Effect.succeed({ outcome: "failed", detail: `The provider could not be asked (${error._tag}).` })
      )
    )

  /** Whether the consent still waits for the choice it was given for; dismissing that ends it. */
  const awaitsChoice = Effect.fnUntraced(function* ({
    authorizationId,
    id,
    organizationId
  }: Exclude<Grant.State, { readonly _tag: "Absent" }>) {
    if (authorizationId === undefined) return false
    const { state } = yield* store.find("authorization", organizationId, authorizationId)
    return state._tag === "AwaitingSelection" && state.grantId === id
  })

  /**
   * Ends a grant, unless a live connection still uses it (rule X-R12), or a choice is still waited for. A grant that the provider
   * proved dead ends anyway. Gives it as it stands.
   */
  const ending = ({ actor, organizationId }: JobContext, grantId: Id.GrantId, end: Grant.End) =>
    onConflictAgain(
      Effect.gen(function* () {
        // The grant first: whoever links it after its users were listed makes this attempt start over.
        const read = yield* store.find("grant", organizationId, grantId)
        const grant = read.state
        if (grant._tag === "Ended") return grant
        const users = yield* store.connectionsOfGrant(organizationId, grantId)
        // Unlinking an advertiser does not take us off its partners; only its admin can.
        const isNeeded = users.length > 0 || grant.advertiser !== undefined || (yield* awaitsChoice(grant))
        if (isNeeded && !proven.has(end)) return grant
        const at = yield* DateTime.now
        const ended = yield* Effect.fromResult(decide("grant", grantId, read, { _tag: "End", end, at }))
        yield* commit({ organizationId, actor, at }, [ended])
        return ended.next
      })
    )

  /** Ends a grant that nobody uses, asks the provider to end it too when somebody disconnected, and forgets its tokens. */
  const endGrant = (job: JobContext, { end, grantId }: Of<"EndGrant">) =>
    Effect.gen(function* () {
      const { actor, organizationId } = job
      const grant = yield* ending(job, grantId, end).pipe(Effect.catchTag("NotFound", () => Effect.succeed(undefined)))
      if (grant?._tag === "Active") return yield* finish(job, yield* DateTime.now, [])
      // Nothing can be linked to it any more; what was linked at the last moment is told like the rest.
      if (proven.has(end)) yield* loseGrant(job, grantId)
      if (grant?._tag === "Ended" && grant.end === "disconnected" && grant.revocation === undefined) {
        const revocation = yield* revoked(job, grant)
        if (revocation !== undefined)
          yield* onConflictAgain(
            Effect.gen(function* () {
              const at = yield* DateTime.now
              const read = yield* store.find("grant", organizationId, grantId)
              yield* commit({ organizationId, actor, at }, [
                yield* Effect.fromResult(decide("grant", grantId, read, { _tag: "RecordRevocation", revocation, at }))
              ])
            })
          )
      }
      yield* vault.remove(organizationId, grantId)
      return yield* finish(job, yield* DateTime.now, [])
    })

  const subjects: {
    readonly [T in Of<"Notify">["topic"]]: (account: string, channel: string, detail: string) => string
  } = {
    connected: (account, channel) => `${account}: ${channel} is connected`,
    "reauthorization-needed": (account, channel) => `${account}: ${channel} has to be authorized again`,
    limited: (account, channel) => `${account}: ${channel} works with limits`,
    "deadline-missed": (account, channel, detail) => `${account}: ${detail} data of ${channel} is overdue`,
    "backfill-complete": (account, channel) => `${account}: the history of ${channel} is loaded`,
    overdue: (account, channel) => `${account}: ${channel} is not in sync after 48 hours`,
    "caught-up": (account, channel) => `${account}: ${channel} is in sync now`,
    "access-overdue": (account, _channel, detail) =>
      `${account}: the advertiser ${detail} has not appeared within a day`,
    "fell-back": (account, channel) => `${account}: ${channel} goes on with another login`
  }

  // What was true when the notice was written down may have healed since; then nobody is troubled.
  const stillTrue = (topic: Of<"Notify">["topic"], connection: Connection.Present) =>
    topic === "reauthorization-needed"
      ? connection._tag === "ReauthorizationNeeded"
      : topic === "access-overdue"
        ? connection._tag === "AwaitingAccess"
        : true

  const notify = (job: JobContext, { connectionId, detail, topic }: Of<"Notify">) =>
    Effect.gen(function* () {
      const { state: connection } = yield* store.find("connection", job.organizationId, connectionId)
      const now = yield* DateTime.now
      if (!stillTrue(topic, connection)) return yield* finish(job, now, [])
      const { state: account } = yield* store.find("account", job.organizationId, connection.accountId)
      yield* notifier.notify({
        id: job.jobId,
        organizationId: job.organizationId,
        topic,
        connectionId,
        audience: forSupport.has(topic) ? "members-and-support" : "members",
        subject: subjects[topic](account.name, Channel.label(connection.channel), detail),
        text: Evidence.explain(topic, connection, detail)
      })
      return yield* finish(job, now, [])
    })

  return {
    expireAuthorization,
    expireInvitation,
    findCandidates,
    remindSelection,
    proveConnection,
    remindExpiry,
    endGrant,
    notify
  }
})
