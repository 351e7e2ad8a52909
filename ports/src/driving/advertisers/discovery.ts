/**
 * The worker's side of access that nobody hands over (flow F3; rules W-R4, W-R5, W-R10, W-R12): which advertisers let us in is
 * looked for every 15 minutes and kept in the installation's directory; what an operator assigned is carried into the
 * organization's own grants; what an organization expects is carried to the operators.
 */
import { Actor, Advertiser, Channel, Connection, type Grant, Id, type Job, Profile } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { Repository, NotFound, type Versioned } from "../../driven/Repository.ts"
import { Notifier } from "../../driven/Notifier.ts"
import { ProviderApi } from "../../driven/ProviderApi.ts"
import { type Decided, decideWith, onConflictAgain } from "../shared/change.ts"
import { everyPage } from "../shared/everyPage.ts"
import { makeFixedId } from "../shared/fixedId.ts"
import { done, dueNow, type JobContext, makeRecords } from "../work/job.ts"
import { makeSelecting } from "../authorizations/selecting.ts"

type Of<T extends Job.Task["_tag"]> = Extract<Job.Task, { readonly _tag: T }>

/** Hours between proofs of an advertiser's connection; the looks in between leave no trace. */
const proofHours = 24

/** Whether a look showed nothing new; then nothing is read or written for it. */
const isAsKnown = (entry: Advertiser.Present, advertiser: Profile.Advertiser) =>
  entry._tag === "Listed" && entry.misses === 0 && Profile.sameAdvertiser(entry.advertiser, advertiser)

const absent = <A, E, R>(effect: Effect.Effect<A, E | NotFound, R>): Effect.Effect<A | undefined, E, R> =>
  Effect.catchIf(
    effect,
    (error): error is NotFound => error instanceof NotFound,
    () => Effect.succeed(undefined)
  )

/** Builds the handlers, once per service. */
export const makeDiscovery = Effect.gen(function* () {
  const catalogue = yield* CurrentCatalogue
  const decide = decideWith(catalogue)
  const store = yield* Repository
  const provider = yield* ProviderApi
  const notifier = yield* Notifier
  const { commit, finish } = yield* makeRecords
  const fixedId = yield* makeFixedId
  const selecting = yield* makeSelecting
  const { installation } = Id

  /** Every advertiser of a region that the directory lists now. */
  const directory = (region: Of<"DiscoverAdvertisers">["region"]) =>
    everyPage((page) => store.advertisers({ region, states: ["Listed"] }, page))

  const record = (
    job: Pick<JobContext, "actor">,
    id: Id.AdvertiserId,
    command: (at: DateTime.Utc) => Advertiser.Command
  ) =>
    onConflictAgain(
      Effect.gen(function* () {
        const at = yield* DateTime.now
        const read: Versioned<Advertiser.Present> | undefined = yield* absent(
          store.find("advertiser", installation, id)
        )
        yield* commit({ organizationId: installation, actor: job.actor, at }, [
          yield* Effect.fromResult(decide("advertiser", id, read, command(at)))
        ])
        return read
      })
    )

  /**
   * One look. A list that could not be read says nothing about anybody: only a complete one counts misses, and one that is
   * empty where several were listed is not believed, because an outage looks like that and several admins at once do not.
   * Says how many advertisers it saw.
   */
  const look = (by: Pick<JobContext, "actor">, region: Of<"DiscoverAdvertisers">["region"]) =>
    Effect.gen(function* () {
      const listed = yield* provider.advertisers(region)
      const known = new Map((yield* directory(region)).map((entry) => [entry.id, entry]))
      for (const advertiser of listed) {
        const id = yield* fixedId("advertiser", Profile.keyText(advertiser.key))
        const entry = known.get(id)
        known.delete(id)
        if (entry !== undefined && isAsKnown(entry, advertiser)) yield* prove(by, entry)
        else yield* record(by, id, (at) => ({ _tag: "See", id, organizationId: installation, advertiser, at }))
      }
      if (listed.length === 0 && known.size > 1) {
        yield* Effect.logWarning(
          `the list of advertisers of ${region} is empty where ${known.size} were listed; it is not believed`
        )
      } else {
        for (const { id } of known.values()) yield* record(by, id, (at) => ({ _tag: "Miss", at }))
      }
      return listed.length
    })

  /** Looks, and comes back after 15 minutes, for ever: no trouble, and no credentials that an operator must mend, end the looking. */
  const discover = (job: JobContext, { region }: Of<"DiscoverAdvertisers">) =>
    look(job, region).pipe(
      Effect.catch((error) => Effect.logWarning(`advertisers of ${region} could not be looked for`, error.message)),
      Effect.andThen(DateTime.now),
      Effect.map((now) => ({ _tag: "RetryAt", at: DateTime.add(now, { minutes: Advertiser.lookMinutes }) }) as const)
    )

  // Every spell has a grant of its own, found by its name and not by searching; a repeated attempt finds the same one.
  const grantIdOf = (advertiserId: Id.AdvertiserId, assignmentEpoch: number) =>
    fixedId("grant", `${advertiserId}/${assignmentEpoch}`)

  /** A listed advertiser proves its connection; once a day that is put on record. */
  const prove = Effect.fnUntraced(function* (
    job: Pick<JobContext, "actor">,
    { assignment, id, assignmentEpoch }: Advertiser.Present
  ) {
    if (assignment === undefined) return
    const { tenantId: organizationId } = assignment
    const grantId = yield* grantIdOf(id, assignmentEpoch)
    const at = yield* DateTime.now
    for (const { state } of yield* store.connectionsOfGrant(organizationId, grantId)) {
      if (DateTime.isLessThan(at, DateTime.add(state.provenAt, { hours: proofHours }))) continue
      yield* onConflictAgain(
        Effect.gen(function* () {
          const read = yield* store.find("connection", organizationId, state.id)
          yield* commit({ organizationId, actor: job.actor, at }, [
            yield* Effect.fromResult(decide("connection", state.id, read, { _tag: "Prove", grantId, at }))
          ])
        })
      )
    }
  })

  /**
   * The organization's grant for one spell of an advertiser: opened, brought up to date, or ended, as the directory says now.
   * Two pieces of this work may come in any order: each looks at the present and touches its own spell only.
   */
  const reconcileAdvertiser = (
    job: JobContext,
    { advertiserId, assignmentEpoch, tenantId }: Of<"ReconcileAdvertiser">
  ) =>
    Effect.gen(function* () {
      const { state: entry } = yield* store.find("advertiser", installation, advertiserId)
      const grantId = yield* grantIdOf(advertiserId, assignmentEpoch)
      const own = yield* absent(store.find("grant", tenantId, grantId))
      const isTheirs = (now: Advertiser.Present) =>
        now._tag === "Listed" && now.assignmentEpoch === assignmentEpoch && now.assignment?.tenantId === tenantId
      if (isTheirs(entry)) {
        yield* bringUpToDate(job, own?.state ?? (yield* open(job, tenantId, grantId, entry)), entry.advertiser)
        // Taken away while it was opened: the work for that may have come before there was a grant to end.
        const { state: now } = yield* store.find("advertiser", installation, advertiserId)
        if (isTheirs(now)) yield* noteAccess(job, tenantId, now.advertiser, true)
        else yield* end(job, tenantId, grantId, now)
      } else if (own !== undefined) yield* end(job, tenantId, grantId, entry)
      return yield* finish(job, yield* DateTime.now, [])
    })

  /**
   * The advertiser no longer lets this organization in: its connection says so, and the grant is over. What an operator took
   * back is disconnected, so that the organization it belongs to can link it; what was lost waits to come back.
   */
  const end = Effect.fnUntraced(function* (
    job: JobContext,
    tenantId: Id.OrganizationId,
    grantId: Id.GrantId,
    entry: Advertiser.Present
  ) {
    const isTakenBack = entry.assignment?.tenantId !== tenantId
    yield* onConflictAgain(
      Effect.gen(function* () {
        const at = yield* DateTime.now
        // The grant first: whoever links it after its connections were listed makes this attempt start over.
        const grant = yield* store.find("grant", tenantId, grantId)
        const users = yield* store.connectionsOfGrant(tenantId, grantId)
        const release: Connection.Command = isTakenBack
          ? { _tag: "Disconnect", at, by: job.actor }
          : { _tag: "LoseGrant", grantId, loss: "access-removed", at }
        yield* commit({ organizationId: tenantId, actor: job.actor, at }, [
          yield* Effect.fromResult(decide("grant", grantId, grant, { _tag: "End", end: "access-removed", at })),
          ...(yield* Effect.forEach(users, (read) =>
            Effect.fromResult(decide("connection", read.state.id, read, release))
          ))
        ])
      })
    )
    yield* noteAccess(job, tenantId, entry.advertiser, false)
    if (isTakenBack)
      yield* notifier.notify({
        id: job.jobId,
        organizationId: tenantId,
        topic: "advertiser-unassigned",
        audience: "members-and-support",
        subject: `The advertiser ${entry.advertiser.name} was taken back`,
        text:
          `An operator of this installation found that ${entry.advertiser.name} (${entry.advertiser.key.externalId}) does not belong to ` +
          "your organization. Nothing is fetched for it any more; what was loaded stays. If that is wrong, contact support."
      })
  })

  /** Records the advertiser's decision as a grant of the organization, and tells the organization and support. */
  const open = Effect.fnUntraced(function* (
    job: JobContext,
    tenantId: Id.OrganizationId,
    id: Id.GrantId,
    { advertiser, assignment }: Advertiser.Present
  ) {
    const at = yield* DateTime.now
    const { channel, externalId, region } = advertiser.key
    const opened = yield* Effect.fromResult(
      decide("grant", id, undefined, {
        _tag: "Record",
        grant: {
          id,
          organizationId: tenantId,
          channel,
          region,
          advertiser,
          grantor: externalId,
          consentedAt: advertiser.grantedAt ?? assignment?.at ?? at
        }
      })
    )
    yield* commit({ organizationId: tenantId, actor: assignment?.by ?? job.actor, at }, [opened]).pipe(
      // The same work, handed out twice: the other one opened it.
      Effect.catchTag("VersionConflict", () => Effect.void)
    )
    // One that is back finds its connection waiting, which comes to life by itself and says so.
    const [waiting] = yield* store.holders(tenantId, [advertiser.key])
    if (waiting === undefined)
      yield* notifier.notify({
        id: job.jobId,
        organizationId: tenantId,
        topic: "advertiser-assigned",
        audience: "members-and-support",
        subject: `The advertiser ${advertiser.name} is ready to be linked`,
        text:
          `${advertiser.name} (${externalId}) lists us as its partner and belongs to your organization. ` +
          "Open the account and press Connect to link it."
      })
    return (yield* store.find("grant", tenantId, id)).state
  })

  /** Carries a changed right, or a return, into the connection that is bound to the advertiser. */
  const bringUpToDate = Effect.fnUntraced(function* (
    job: JobContext,
    grant: Exclude<Grant.State, { readonly _tag: "Absent" }>,
    advertiser: Profile.Advertiser
  ) {
    const { id: grantId, organizationId } = grant
    const [holder] = yield* store.holders(organizationId, [advertiser.key])
    yield* onConflictAgain(
      Effect.gen(function* () {
        const at = yield* DateTime.now
        const read = yield* store.find("grant", organizationId, grantId)
        const seen = yield* Effect.fromResult(decide("grant", grantId, read, { _tag: "SeeAdvertiser", advertiser }))
        // A connection that comes back to it must not come back to a grant that ends in this moment.
        const decided: Array<Decided> = [{ ...seen, asserted: true }]
        if (holder !== undefined) {
          const connection = yield* store.find("connection", organizationId, holder.connectionId)
          decided.push(
            yield* Effect.fromResult(
              decide(
                "connection",
                holder.connectionId,
                connection,
                ...rights(connection.state, grant, advertiser, at, job.actor)
              )
            )
          )
        }
        yield* commit({ organizationId, actor: job.actor, at }, decided)
      })
    )
  })

  const rights = (
    connection: Connection.Present,
    grant: Exclude<Grant.State, { readonly _tag: "Absent" }>,
    advertiser: Profile.Advertiser,
    at: DateTime.Utc,
    by: Actor.Actor
  ): ReadonlyArray<Connection.Command> => {
    if (!Connection.isLinked(connection)) return []
    if (connection.link.grantId !== grant.id)
      return [{ _tag: "Link", link: selecting.linkOf(grant, advertiser, at, by) }]
    const missing = Profile.lacks(advertiser, catalogue)
    return [{ _tag: "CheckRights", grantId: grant.id, at, ...(missing === undefined ? {} : { missing }) }]
  }

  /**
   * Tells who waits for an advertiser that it is ready to be linked, or no longer is. It is meant when it has the very name or id
   * that was expected, or when only one connection waits in its market.
   */
  const noteAccess = Effect.fnUntraced(function* (
    job: JobContext,
    organizationId: Id.OrganizationId,
    { key, ...rest }: Profile.Advertiser,
    isReady: boolean
  ) {
    if (isReady && (yield* store.holders(organizationId, [key])).length > 0) return
    const { items } = yield* store
      .connections(
        organizationId,
        { channel: key.channel, marketplaceId: key.marketplaceId, states: ["AwaitingAccess"] },
        { limit: 100 }
      )
      .pipe(
        // A first page has no cursor that could be invalid.
        Effect.catchTag("InvalidCursor", Effect.die)
      )
    const waiting = items.filter((one) => one._tag === "AwaitingAccess")
    const open = waiting.filter(({ expected }) => expected.arrived === undefined)
    const named = open.filter(({ expected }) => Advertiser.isNamed({ key, ...rest }, expected.advertiser))
    const meant = !isReady
      ? waiting.filter(({ expected }) => expected.arrived?.advertiser === rest.name)
      : named.length > 0
        ? named
        : open.length === 1
          ? open
          : []
    for (const { id } of meant) {
      yield* onConflictAgain(
        Effect.gen(function* () {
          const at = yield* DateTime.now
          const read = yield* store.find("connection", organizationId, id)
          yield* commit({ organizationId, actor: job.actor, at }, [
            yield* Effect.fromResult(
              decide("connection", id, read, { _tag: "NoteAccess", at, ...(isReady ? { advertiser: rest.name } : {}) })
            )
          ])
        })
      )
    }
  })

  /** Reports an expectation that is late, once, when it still is (rule W-R10). */
  const checkAccess = (job: JobContext, { connectionId }: Of<"CheckAccess">) =>
    onConflictAgain(
      Effect.gen(function* () {
        const at = yield* dueNow(job)
        const read = yield* store.find("connection", job.organizationId, connectionId)
        return yield* finish(
          job,
          at,
          read.state._tag !== "AwaitingAccess"
            ? []
            : [yield* Effect.fromResult(decide("connection", connectionId, read, { _tag: "CheckAccess", at }))]
        )
      })
    )

  /** Tells the operators what a connection waits for; also that it no longer waits. */
  const reconcileAwaited = (job: JobContext, { connectionId }: Of<"ReconcileAwaited">) =>
    Effect.gen(function* () {
      const { organizationId: tenantId } = job
      const {
        state: { accountId, channel }
      } = yield* store.find("connection", tenantId, connectionId)
      if (Channel.accessBy(channel, catalogue) !== "partner") return done
      const { state: account } = yield* store.find("account", tenantId, accountId)
      const tenant = yield* absent(store.find("organization", tenantId, tenantId))
      const id = yield* fixedId("awaited", connectionId)
      yield* onConflictAgain(
        Effect.gen(function* () {
          const at = yield* DateTime.now
          // The copy first: whoever changes it after the connection was read makes this attempt start over.
          const read = yield* absent(store.find("awaited", installation, id))
          const { state: connection } = yield* store.find("connection", tenantId, connectionId)
          yield* commit({ organizationId: installation, actor: job.actor, at }, [
            yield* Effect.fromResult(
              decide(
                "awaited",
                id,
                read,
                connection._tag !== "AwaitingAccess" || connection.expected.arrived !== undefined
                  ? { _tag: "Settle", at }
                  : {
                      _tag: "Await",
                      awaited: {
                        id,
                        organizationId: installation,
                        tenantId,
                        tenantName: tenant?.state.name ?? tenantId,
                        connectionId,
                        accountName: account.name,
                        marketplaceId: connection.marketplaceId,
                        advertiser: connection.expected.advertiser,
                        requestedBy: Actor.describe(connection.expected.by),
                        since: connection.expected.since
                      }
                    }
              )
            )
          ])
        })
      )
      return yield* finish(job, yield* DateTime.now, [])
    })

  return { discover, look, reconcileAdvertiser, checkAccess, reconcileAwaited }
})
