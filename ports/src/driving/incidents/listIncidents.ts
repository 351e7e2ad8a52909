import type { Access, Incident } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import type { Deps } from "../shared/deps.ts"
import { forEachSideBySide } from "../shared/sideBySide.ts"

/** An incident with what is linked where it is. */
export interface IncidentView {
  readonly incident: Incident.Present
  /** The accounts behind it, and of how many organizations. */
  readonly behind: { readonly accounts: number; readonly organizations: number }
}

/** Adds how many accounts are linked where an incident is. */
export const withLinked = ({ repository }: Deps<"repository">, incident: Incident.Present) =>
  Effect.map(repository.linked(incident.channel, incident.region), (behind): IncidentView => ({ incident, behind }))

const latest = (incident: Incident.Present): number => {
  if (incident._tag === "Open") return Number.POSITIVE_INFINITY
  return incident.last === undefined ? 0 : DateTime.toEpochMillis(incident.last.closedAt)
}

/** Lists what is or was an incident; what is going on first. */
export const list = Effect.fn("Incidents.list")(function* (deps: Deps<"repository">, _operator: Access.Operator) {
  const found = yield* deps.repository.incidents()
  const known = found.filter((one) => one._tag === "Open" || one.last !== undefined)
  return yield* forEachSideBySide(
    known.toSorted((one, other) => latest(other) - latest(one) || 0),
    (incident) => withLinked(deps, incident)
  )
})

/** Hours for which refusals that are no incident are shown. */
const signHours = 24

/** Refusals that may be the installation's fault, or become an incident. */
export interface SignView {
  readonly incident: Incident.Watched
  readonly grants: number
  readonly organizations: number
  readonly since: DateTime.Utc
  readonly latest: DateTime.Utc
}

const different = (values: ReadonlyArray<string | undefined>): number =>
  new Set(values.filter((one) => one !== undefined)).size

/** Lists what was refused in the last hours and is no incident; the latest first. */
export const signs = Effect.fn("Incidents.signs")(function* (deps: Deps<"repository">, _operator: Access.Operator) {
  const from = DateTime.subtract(yield* DateTime.now, { hours: signHours })
  return (yield* deps.repository.incidents())
    .flatMap((incident): ReadonlyArray<SignView> => {
      if (incident._tag !== "Watched") return []
      const { sightings } = incident
      const recent = sightings.filter(({ at }) => DateTime.isGreaterThan(at, from))
      const [first, ...more] = recent
      if (first === undefined) return []
      return [
        {
          incident,
          grants: different(recent.map(({ grantId }) => grantId)),
          organizations: different(recent.map(({ tenantId }) => tenantId)),
          since: more.reduce((one, { at }) => DateTime.min(one, at), first.at),
          latest: more.reduce((one, { at }) => DateTime.max(one, at), first.at)
        }
      ]
    })
    .toSorted((one, other) => DateTime.toEpochMillis(other.latest) - DateTime.toEpochMillis(one.latest))
})

/** Lists what is going on. */
export const open = Effect.fn("Incidents.open")(({ repository }: Deps<"repository">) =>
  Effect.map(repository.incidents(), (all) => all.filter((one): one is Incident.Open => one._tag === "Open"))
)
