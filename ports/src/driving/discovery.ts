/**
 * The worker's side of access that nobody hands over (flow F3; rules W-R4, W-R5, W-R10, W-R12): which advertisers let us in is
 * looked for every 15 minutes and kept in the installation's directory; what an operator assigned is carried into the
 * organization's own grants; what an organization expects is carried to the operators.
 */
import { Actor, Advertiser, Channel, Connection, type Grant, Id, type Intent, Permission, Profile } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { ConnectionStore, pageLimit, type Versioned } from "../driven/ConnectionStore.ts"
import { Notifier } from "../driven/Notifier.ts"
import { ProviderApi } from "../driven/ProviderApi.ts"
import { type Decided, decide, onConflictAgain } from "./change.ts"
import { makeFixedId } from "./fixedId.ts"
import { done, dueNow, type Job, makeRecords } from "./job.ts"
import { makeSelecting } from "./selecting.ts"

type Of<T extends Intent.Work["_tag"]> = Extract<Intent.Work, { readonly _tag: T }>

/** Hours between proofs of an advertiser's connection; the looks in between leave no trace. */
const proofHours = 24

/** Builds the handlers, once per service. */
export const makeDiscovery = Effect.gen(function*() {
  const store = yield* ConnectionStore
  const provider = yield* ProviderApi
  const notifier = yield* Notifier
  const { commit, finish, loseGrant } = yield* makeRecords
  const fixedId = yield* makeFixedId
  const selecting = yield* makeSelecting
  const { installation } = Id

  const absent = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.catchTag(effect as Effect.Effect<A, E | { readonly _tag: "NotFound" }, R>, "NotFound", () => Effect.succeed(undefined))

  /** Every advertiser of a region that the directory lists now. */
  const directory = Effect.fnUntraced(function*(region: Of<"DiscoverAdvertisers">["region"]) {
    const found: Array<Advertiser.Present> = []
    let cursor: string | undefined
    do {
      const page = yield* store.advertisers({ region, states: ["Listed"] }, { limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) })
        .pipe(Effect.catchTag("InvalidCursor", Effect.die))
      found.push(...page.items)
      cursor = page.next
    } while (cursor !== undefined)
    return found
  })

  const record = (job: Pick<Job, "actor">, id: Id.AdvertiserId, command: (at: DateTime.Utc) => Advertiser.Command) =>
    onConflictAgain(Effect.gen(function*() {
      const at = yield* DateTime.now
      const read: Versioned<Advertiser.Present> | undefined = yield* absent(store.find("advertiser", installation, id))
      yield* commit({ organizationId: installation, actor: job.actor, at }, [
        yield* Effect.fromResult(decide("advertiser", id, read, command(at)))
      ])
      return read
    }))

  /**
   * One look. A list that could not be read says nothing about anybody: only a complete one counts misses. Says how many
   * advertisers it saw.
   */
  const look = (by: Pick<Job, "actor">, region: Of<"DiscoverAdvertisers">["region"]) =>
    Effect.gen(function*() {
      const listed = yield* provider.advertisers(region)
      const known = yield* directory(region)
      const seen = new Set<string>()
      for (const advertiser of listed) {
        const id = yield* fixedId("advertiser", Profile.keyText(advertiser.key))
        seen.add(id)
        yield* record(by, id, (at) => ({ _tag: "See", id, organizationId: installation, advertiser, at }))
      }
      for (const one of known) {
        if (seen.has(one.id)) yield* prove(by, one)
        else yield* record(by, one.id, (at) => ({ _tag: "Miss", at }))
      }
      return listed.length
    })

  /** Looks, and comes back after 15 minutes, for ever. */
  const discover = (job: Job, { region }: Of<"DiscoverAdvertisers">) =>
    Effect.gen(function*() {
      yield* look(job, region)
      return { _tag: "Later", at: DateTime.add(yield* DateTime.now, { minutes: Advertiser.lookMinutes }) } as const
    }).pipe(
      // A provider in trouble, or credentials that an operator must mend, do not end the looking.
      Effect.catchTag(["Temporary", "ApplicationRejected"], (error) =>
        Effect.gen(function*() {
          yield* Effect.logWarning(`advertisers of ${region} could not be listed`, error.message)
          return { _tag: "Later", at: DateTime.add(yield* DateTime.now, { minutes: Advertiser.lookMinutes }) } as const
        }))
    )

  const grantOf = (tenantId: Id.OrganizationId, key: Profile.Key) =>
    store.grants(tenantId, { channel: key.channel, region: key.region, states: ["Active"] }, { limit: pageLimit }).pipe(
      Effect.catchTag("InvalidCursor", Effect.die),
      Effect.map(({ items }) => items.find((grant): grant is Grant.Active =>
        grant._tag === "Active" && grant.advertiser !== undefined && Profile.sameKey(grant.advertiser.key, key)))
    )

  /** A listed advertiser proves its connection; once a day that is put on record. */
  const prove = Effect.fnUntraced(function*(job: Pick<Job, "actor">, { advertiser, assignment }: Advertiser.Present) {
    if (assignment === undefined) return
    const { tenantId: organizationId } = assignment
    const grant = yield* grantOf(organizationId, advertiser.key)
    if (grant === undefined) return
    const at = yield* DateTime.now
    for (const { state } of yield* store.connectionsOfGrant(organizationId, grant.id)) {
      if (DateTime.isLessThan(at, DateTime.add(state.provenAt, { hours: proofHours }))) continue
      yield* onConflictAgain(Effect.gen(function*() {
        const read = yield* store.find("connection", organizationId, state.id)
        yield* commit({ organizationId, actor: job.actor, at }, [
          yield* Effect.fromResult(decide("connection", state.id, read, { _tag: "Prove", grantId: grant.id, at }))
        ])
      }))
    }
  })

  /** The organization's grant for an advertiser that it has and should have: opened, brought up to date, or ended. */
  const reconcileAdvertiser = (job: Job, { advertiserId, tenantId }: Of<"ReconcileAdvertiser">) =>
    Effect.gen(function*() {
      const { state: entry } = yield* store.find("advertiser", installation, advertiserId)
      const { key } = entry.advertiser
      const own = yield* grantOf(tenantId, key)
      const mine = entry._tag === "Listed" && entry.assignment?.tenantId === tenantId
      if (mine) {
        const grant = own ?? (yield* open(job, tenantId, entry))
        yield* bringUpToDate(job, grant, entry.advertiser)
      } else if (own !== undefined) {
        yield* loseGrant({ ...job, organizationId: tenantId }, own.id, true)
        yield* onConflictAgain(Effect.gen(function*() {
          const at = yield* DateTime.now
          const read = yield* store.find("grant", tenantId, own.id)
          yield* commit({ organizationId: tenantId, actor: job.actor, at }, [
            yield* Effect.fromResult(decide("grant", own.id, read, { _tag: "End", end: "access-removed", at }))
          ])
        }))
      }
      return yield* finish(job, yield* DateTime.now, [])
    })

  /** Records the advertiser's decision as a grant of the organization, and tells the organization and support. */
  const open = Effect.fnUntraced(function*(job: Job, tenantId: Id.OrganizationId, entry: Advertiser.Present) {
    const at = yield* DateTime.now
    const { advertiser } = entry
    // Every assignment has a grant of its own, and a repeated attempt finds the one of the first.
    const since = entry.assignment === undefined ? at : entry.assignment.at
    const ended = yield* store.grants(tenantId, { channel: advertiser.key.channel, region: advertiser.key.region, states: ["Ended"] }, { limit: pageLimit })
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))
    const round = ended.items.filter((grant) => grant.advertiser !== undefined && Profile.sameKey(grant.advertiser.key, advertiser.key)).length
    const id = yield* fixedId("grant", `${tenantId}/${Profile.keyText(advertiser.key)}/${DateTime.toEpochMillis(since)}/${round}`)
    const opened = yield* Effect.fromResult(decide("grant", id, undefined, {
      _tag: "Record",
      grant: {
        id, organizationId: tenantId, channel: advertiser.key.channel, region: advertiser.key.region, advertiser,
        grantor: advertiser.key.externalId, consentedAt: advertiser.grantedAt ?? since
      }
    }))
    yield* commit({ organizationId: tenantId, actor: entry.assignment?.by ?? job.actor, at }, [opened]).pipe(
      Effect.catchTag("VersionConflict", () => Effect.void)
    )
    yield* notifier.notify({
      id: job.intentId, organizationId: tenantId, topic: "advertiser-assigned", audience: "members-and-support",
      subject: `The advertiser ${advertiser.name} is ready to be linked`,
      text: `${advertiser.name} (${advertiser.key.externalId}) lists us as its partner and belongs to your organization. ` +
        "Open the account and press Connect to link it."
    })
    const { state } = yield* store.find("grant", tenantId, id)
    return state
  })

  /** Carries a changed right, or a return, into the connection that is bound to the advertiser. */
  const bringUpToDate = Effect.fnUntraced(function*(
    job: Job, grant: Exclude<Grant.State, { readonly _tag: "Absent" }>, advertiser: Profile.Advertiser
  ) {
    const { id: grantId, organizationId } = grant
    const [holder] = yield* store.holders(organizationId, [advertiser.key])
    yield* onConflictAgain(Effect.gen(function*() {
      const at = yield* DateTime.now
      const read = yield* store.find("grant", organizationId, grantId)
      const decided: Array<Decided> = [
        yield* Effect.fromResult(decide("grant", grantId, read, { _tag: "SeeAdvertiser", advertiser }))
      ]
      if (holder !== undefined) {
        const connection = yield* store.find("connection", organizationId, holder.connectionId)
        decided.push(yield* Effect.fromResult(decide("connection", holder.connectionId, connection,
          ...rights(connection.state, grant, advertiser, at, job.actor))))
      }
      yield* commit({ organizationId, actor: job.actor, at }, decided)
    }))
  })

  const rights = (
    connection: Connection.Present, grant: Exclude<Grant.State, { readonly _tag: "Absent" }>, advertiser: Profile.Advertiser,
    at: DateTime.Utc, by: Actor.Actor
  ): ReadonlyArray<Connection.Command> => {
    if (!Connection.isLinked(connection)) return []
    if (connection.link.grantId !== grant.id) return [{ _tag: "Link", link: selecting.linkOf(grant, advertiser, at, by) }]
    const missing = Permission.missing(advertiser.permission, advertiser.key.channel)
    return [{ _tag: "CheckRights", grantId: grant.id, at, ...(missing === undefined ? {} : { missing }) }]
  }

  /** Reports an expectation that is late, once, when it still is (rule W-R10). */
  const checkAccess = (job: Job, { connectionId }: Of<"CheckAccess">) =>
    onConflictAgain(Effect.gen(function*() {
      const at = yield* dueNow(job)
      const read = yield* store.find("connection", job.organizationId, connectionId)
      return yield* finish(job, at, read.state._tag !== "AwaitingAccess" ? [] : [
        yield* Effect.fromResult(decide("connection", connectionId, read, { _tag: "CheckAccess", at }))
      ])
    }))

  /** Tells the operators what a connection waits for; also that it no longer waits. */
  const reconcileAwaited = (job: Job, { connectionId }: Of<"ReconcileAwaited">) =>
    Effect.gen(function*() {
      const { organizationId: tenantId } = job
      const { state: connection } = yield* store.find("connection", tenantId, connectionId)
      if (Channel.accessBy(connection.channel) !== "partner") return done
      const { state: account } = yield* store.find("account", tenantId, connection.accountId)
      const tenant = yield* absent(store.find("organization", tenantId, tenantId))
      const id = yield* fixedId("awaited", connectionId)
      yield* onConflictAgain(Effect.gen(function*() {
        const at = yield* DateTime.now
        const read = yield* absent(store.find("awaited", installation, id))
        yield* commit({ organizationId: installation, actor: job.actor, at }, [
          yield* Effect.fromResult(decide("awaited", id, read, connection._tag !== "AwaitingAccess" ? { _tag: "Settle", at } : {
            _tag: "Await",
            awaited: {
              id, organizationId: installation, tenantId, tenantName: tenant?.state.name ?? tenantId, connectionId,
              accountName: account.name, marketplaceId: connection.marketplaceId, advertiser: connection.expected.advertiser,
              requestedBy: Actor.describe(connection.expected.by), since: connection.expected.since
            }
          }))
        ])
      }))
      return yield* finish(job, yield* DateTime.now, [])
    })

  return { discover, look, reconcileAdvertiser, checkAccess, reconcileAwaited }
})
