/**
 * Watches every call to a provider, at the one place that all of them pass: a layer around the driven port. It sees
 * what many share, puts it on record as an incident, and while that is open it holds back what would blame a customer.
 *
 * A call that works costs a note in memory. A refusal costs a statement only when the process has seen it for several
 * grants, or does not know whether an incident is open; the same refusals are reported once a minute.
 */
import { type Catalogue, Failure, given, Id, Incident, Region } from "@portolan/domain"
import { Clock, DateTime, Effect, Layer, type Scope, Semaphore } from "effect"
import { ProviderApi } from "../../driven/ProviderApi.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { deps as ports } from "../shared/deps.ts"
import { CallRecord, type Place, type Watched } from "./CallRecord.ts"
import { CallSubject, type Subject } from "./CallSubject.ts"
import { heldBack, kindOf, saysNothing, suspicious, toConfirm, wordsOf } from "./judge.ts"
import { measured } from "./metrics.ts"
import { incidentIdOf, placeOf, readOpen, recordIncident } from "./report.ts"

/** Seconds after which it is looked up again whether an incident is open. */
const freshSeconds = 15
/** Seconds before the same refusals are reported again. */
const reportSeconds = 60

interface State {
  readonly calls: CallRecord
  readonly scope: Scope.Scope
  /** One look-up at a time: who comes meanwhile waits for its answer. */
  readonly looking: Semaphore.Semaphore
  readonly open: Map<Id.IncidentId, Incident.Open>
  /** When it was last asked for, and whether it was ever read. */
  askedAt: number | undefined
  isRead: boolean
  readonly reportedAt: Map<Id.IncidentId, { readonly at: number; readonly grants: number }>
}

type WatchDeps = ChangeDeps & Deps<"deployment"> & { readonly catalogue: Catalogue.Catalogue; readonly state: State }

const keep = ({ state }: WatchDeps, id: Id.IncidentId, incident: Incident.State) => {
  if (incident._tag === "Open") state.open.set(id, incident)
  else if (incident._tag === "Watched") state.open.delete(id)
}

/** Brings the list of open incidents up to date when it is older than `freshSeconds`. */
const lookUp = (deps: WatchDeps, now: number) => {
  const { state } = deps
  const isFresh = () => state.askedAt !== undefined && now - state.askedAt < freshSeconds * 1000
  if (isFresh()) return Effect.void
  return state.looking.withPermits(1)(
    Effect.gen(function* () {
      if (isFresh()) return
      const found = yield* readOpen(deps)
      state.askedAt = now
      if (found === undefined) return
      state.isRead = true
      state.open.clear()
      for (const incident of found) state.open.set(incident.id, incident)
    })
  )
}

const record = Effect.fnUntraced(function* (deps: WatchDeps, id: Id.IncidentId, command: Incident.Command) {
  const before = deps.state.open.get(id)
  const next = yield* recordIncident(deps, id, command)
  keep(deps, id, next)
  if (next._tag === "Open" && before?.epoch !== next.epoch) {
    yield* Effect.logError(`an incident is open: ${Incident.title(next, deps.catalogue)}`, {
      incident: id,
      grants: next.grants,
      organizations: next.organizations,
      mustAct: Incident.mustAct(next),
      detail: next.detail
    })
  }
  if (next._tag === "Watched" && before !== undefined)
    yield* Effect.logInfo(`an incident is over: ${Incident.title(next, deps.catalogue)}`, { incident: id })
})

/** Whether what the process has seen is worth a report, and not yet reported. */
const isWorthReporting = (
  { state }: WatchDeps,
  id: Id.IncidentId,
  kind: Incident.Kind,
  { grants, now }: { readonly grants: number; readonly now: number }
) => {
  const reported = state.reportedAt.get(id)
  const isNews = reported === undefined || now - reported.at >= reportSeconds * 1000
  const open = state.open.get(id)
  if (open !== undefined) {
    const isOldRecord = now - DateTime.toEpochMillis(open.seenAt) >= Incident.seenMinutes * 60_000
    return isNews ? grants >= Math.max(1, 2 * open.grants) || isOldRecord : false
  }
  return (
    grants >= Math.min(suspicious(kind), Incident.rules[kind].grants) && (isNews || grants > (reported?.grants ?? 0))
  )
}

const report = Effect.fnUntraced(function* (
  deps: WatchDeps,
  place: Place,
  id: Id.IncidentId,
  seen: { readonly call: string; readonly detail: string; readonly now: number }
) {
  const { call, detail, now } = seen
  const { calls } = deps.state
  if (!calls.isTimeToLook(`report ${id}`, now)) return
  const figures = calls.figures(place, Incident.rules[place.kind].minutes, now)
  if (!isWorthReporting(deps, id, place.kind, { grants: figures.grants, now })) return
  deps.state.reportedAt.set(id, { at: now, grants: figures.grants })
  yield* record(deps, id, {
    _tag: "Report",
    about: { id, organizationId: Id.installation, ...place },
    call,
    ...figures,
    ...given({ enough: deps.deployment.incidentOrganizations }),
    detail,
    at: DateTime.makeUnsafe(now)
  })
})

/** What a refusal leads to: a note, perhaps a report, and the failure that the caller gets. */
const refused = Effect.fnUntraced(function* (deps: WatchDeps, watched: Watched, kind: Incident.Kind, failure: unknown) {
  const now = yield* Clock.currentTimeMillis
  const subject = yield* CallSubject
  const isFirst = subject !== undefined && deps.state.calls.note(watched, subject, kind, now).isFirst
  const place = placeOf(kind, watched.channel, watched.region)
  const id = yield* incidentIdOf(deps, place)
  yield* lookUp(deps, now)
  yield* report(deps, place, id, { call: watched.call, detail: wordsOf(failure), now })
  const open = deps.state.open.get(id)
  if (open !== undefined) return heldBack(failure, open, Incident.ageSeconds(open, DateTime.makeUnsafe(now)))
  return isFirst && failure instanceof Failure.PermissionMissing ? toConfirm(failure) : failure
})

/** Tells every open incident at a place that the call works again, beside the call: nothing waits for it. */
const worked = Effect.fnUntraced(function* (deps: WatchDeps, watched: Watched, subject: Subject | undefined) {
  const { state } = deps
  const now = yield* Clock.currentTimeMillis
  if (subject !== undefined) state.calls.note(watched, subject, undefined, now)
  if (state.isRead && state.open.size === 0) return
  yield* Effect.forkIn(
    Effect.gen(function* () {
      yield* lookUp(deps, now)
      for (const [id, open] of state.open) {
        if (open.channel !== watched.channel || open.call !== watched.call) continue
        if (open.region !== undefined && open.region !== watched.region) continue
        if (!state.calls.isTimeToLook(`heal ${id}`, now)) continue
        const seen = state.calls.healing(open, now)
        // A call without a grant shows that our application is accepted, and nothing about anybody's grant.
        const withoutGrant = subject === undefined && Incident.rules[open.kind].grants === 0 ? 1 : 0
        const grants = { ...seen, worked: seen.worked + withoutGrant }
        if (!Incident.isHealed(open.kind, grants)) continue
        yield* record(deps, id, { _tag: "Clear", call: watched.call, ...grants, at: DateTime.makeUnsafe(now) })
      }
    }),
    state.scope
  )
})

/** Runs a call and watches its outcome. The failures stay within those of the call: `heldBack` gives one of them. */
const watch = <A, E>(deps: WatchDeps, watched: Watched, call: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  measured(watched, false, judged(deps, watched, call))

const judged = <A, E>(deps: WatchDeps, watched: Watched, call: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.flatMap(CallSubject, (subject) =>
    call.pipe(
      Effect.tap(() => worked(deps, watched, subject)),
      Effect.catch((failure: E) => {
        const kind = kindOf(failure, watched, subject, deps.catalogue)
        if (kind !== undefined)
          return Effect.flatMap(refused(deps, watched, kind, failure), (error) => Effect.fail(error as E))
        return Effect.andThen(saysNothing(failure) ? Effect.void : worked(deps, watched, subject), Effect.fail(failure))
      })
    )
  )

const token = ({ channel, region }: Omit<Watched, "call" | "target">): Watched => ({
  channel,
  region,
  call: "token",
  target: ""
})

/** The port with every call watched. A method that the port gains does not compile until it is decided here. */
const watched = (provider: ProviderApi["Service"], deps: WatchDeps): ProviderApi["Service"] => ({
  authorizeUrl: provider.authorizeUrl,
  readCallback: provider.readCallback,
  readStart: provider.readStart,
  // Best effort, and its outcome is an answer.
  revoke: provider.revoke,
  exchange: (request) => watch(deps, token(request), provider.exchange(request)),
  refresh: (request) => measured(token(request), true, judged(deps, token(request), provider.refresh(request))),
  prove: (access) =>
    watch(deps, { channel: access.channel, region: access.region, call: "prove", target: "" }, provider.prove(access)),
  discover: (access) =>
    watch(
      deps,
      { channel: access.channel, region: access.region, call: "discover", target: "" },
      provider.discover(access)
    ),
  inspect: (access, about) =>
    watch(
      deps,
      { channel: access.channel, region: access.region, call: "inspect", target: "" },
      provider.inspect(access, about)
    ),
  load: (access, request) => {
    const { from, profile, until } = request
    const { externalId, marketplaceId } = profile.key
    return watch(
      deps,
      {
        channel: access.channel,
        region: access.region,
        call: `load/${request.dataClass}`,
        target: [marketplaceId, externalId, from, until].join("/")
      },
      provider.load(access, request)
    )
  },
  advertisers: (region) => {
    const channel = Region.partnership(region, deps.catalogue)
    return channel === undefined
      ? provider.advertisers(region)
      : watch(deps, { channel, region, call: "advertisers", target: "" }, provider.advertisers(region))
  }
})

/** Every call to a provider, watched. Needs the port that it stands around, and the store for what it finds. */
export const layer = Layer.effect(
  ProviderApi,
  Effect.gen(function* () {
    const read = yield* ports("deployment", "provider", "repository", "secrets", "unitOfWork")
    const state: State = {
      calls: new CallRecord(),
      scope: yield* Effect.scope,
      looking: yield* Semaphore.make(1),
      open: new Map(),
      askedAt: undefined,
      isRead: false,
      reportedAt: new Map()
    }
    const deps = { ...read, state }
    // A process that starts with a new secret must know which incident its first success ends.
    yield* Effect.forkIn(
      Effect.flatMap(Clock.currentTimeMillis, (now) => lookUp(deps, now)),
      state.scope
    )
    return ProviderApi.of(watched(read.provider, deps))
  })
)
