/**
 * Trouble that many share: the same refusal for many grants or organizations at once is the provider's or the
 * installation's, never a customer's. One incident is one kind of trouble at one channel and region; it belongs to the
 * installation. While it is open, calls that meet it blame nobody, and work waits.
 *
 * Watched → Open → Watched. What processes see comes in as reports; few of them become events, so that an outage of
 * many accounts costs few writes.
 */
import * as DateTime from "effect/DateTime"
import { given } from "../kernel/given.ts"
import { decider, fold, happened, nothing } from "../kernel/Machine.ts"
import { say } from "../messages/Messages.ts"
import { impossible } from "../messages/Refusal.ts"
import { rules, seenMinutes } from "./incident/kinds.ts"
import { isSameList, merge } from "./incident/sightings.ts"
import {
  type Command,
  type End,
  type Event,
  type Open,
  type Past,
  type Present,
  type State,
  type Watched
} from "./incident/state.ts"

export {
  checkMinutes,
  Kind,
  lookAgainMinutes,
  type Responsible,
  type Rule,
  rules,
  seenMinutes,
  waitSeconds
} from "./incident/kinds.ts"
export {
  type Command,
  End,
  Event,
  initial,
  type Open,
  Past,
  type Present,
  Sighting,
  State,
  type Watched
} from "./incident/state.ts"
export { explain, forCustomer, label, nextStep, type Shown, title } from "./incident/words.ts"

/** Who must act on an incident of a kind. Never a customer. */
export const mustAct = ({ kind }: Pick<Present, "kind">) => rules[kind].mustAct

/** How long an incident has been open, in seconds; zero for a clock that is behind. */
export const ageSeconds = ({ openedAt }: Pick<Open, "openedAt">, now: DateTime.Utc): number =>
  Math.max(0, Math.floor((DateTime.toEpochMillis(now) - DateTime.toEpochMillis(openedAt)) / 1000))

type Of<Tag extends Command["_tag"]> = Extract<Command, { readonly _tag: Tag }>

const minutesAfter = (at: DateTime.Utc, minutes: number) => DateTime.add(at, { minutes })

const watch = (state: Watched | undefined, report: Of<"Report">) => {
  const { about, at, detail, call } = report
  const rule = rules[state?.kind ?? about.kind]
  const known = state?.sightings ?? []
  const closedAt = state?.last?.closedAt
  if (closedAt !== undefined && DateTime.isLessThanOrEqualTo(at, closedAt)) return nothing
  const seen = report.sightings.filter((sighting) => DateTime.isLessThanOrEqualTo(sighting.at, at))
  const sightings = merge(known, seen, { closedAt, minutes: rule.minutes })
  const grants = new Set(sightings.flatMap(({ grantId }) => grantId ?? [])).size
  const organizations = new Set(sightings.flatMap(({ tenantId }) => tenantId ?? [])).size
  const share = report.grants === 0 ? 1 : report.grants / (report.grants + report.worked)
  const enough = Math.min(rule.organizations, report.enough ?? rule.organizations)
  const isShared = grants >= rule.grants && organizations >= enough && share >= rule.share
  if (isShared) {
    return happened<Event>({
      ...about,
      _tag: "IncidentOpened",
      epoch: (state?.last?.epoch ?? 0) + 1,
      call,
      grants: Math.max(report.grants, grants),
      organizations: Math.max(report.organizations, organizations),
      detail,
      at: sightings.map((sighting) => sighting.at).reduce((one, other) => DateTime.max(one, other), at)
    })
  }
  return isSameList(known, sightings) ? nothing : happened<Event>({ ...about, _tag: "RefusalsSeen", sightings: seen })
}

const grow = (state: Open, { at, detail, grants, organizations }: Of<"Report">) => {
  const { epoch } = state
  if (DateTime.isLessThan(at, state.seenAt)) return nothing
  if (grants >= Math.max(1, state.grants * 2)) {
    const most = Math.max(organizations, state.organizations)
    return happened<Event>({ _tag: "IncidentGrew", epoch, grants, organizations: most, detail, at })
  }
  return DateTime.isLessThan(at, minutesAfter(state.seenAt, seenMinutes))
    ? nothing
    : happened<Event>({ _tag: "IncidentSeen", epoch, detail, at })
}

/** Whether so many grants that work, beside so many that are still refused, show that an incident is over. */
export const isHealed = (
  kind: Present["kind"],
  { refused, worked }: { readonly refused: number; readonly worked: number }
): boolean => {
  const { healedBy, share } = rules[kind]
  return worked >= healedBy && (share === 0 || refused / (refused + worked) < share)
}

const clear = (state: Open, { at, call, refused, worked }: Of<"Clear">) =>
  call === state.call && !DateTime.isLessThan(at, state.seenAt) && isHealed(state.kind, { refused, worked })
    ? closed(state, "healed", at)
    : nothing

const expire = (state: Open, { at }: Of<"Expire">) => {
  const { believedMinutes, quietMinutes } = rules[state.kind]
  if (!DateTime.isLessThan(at, minutesAfter(state.seenAt, quietMinutes))) return closed(state, "quiet", at)
  return believedMinutes !== undefined && !DateTime.isLessThan(at, minutesAfter(state.openedAt, believedMinutes))
    ? closed(state, "believed", at)
    : nothing
}

const closed = ({ epoch }: Open, end: End, at: DateTime.Utc) =>
  happened<Event>({ _tag: "IncidentClosed", epoch, end, at })

const markNotified = (state: Open | Watched, { about, at, epoch }: Of<"MarkNotified">) => {
  const notified = { _tag: "IncidentNotified", epoch, about, at } as const
  if (state._tag === "Open") {
    return about === "opened" && epoch === state.epoch && state.notifiedAt === undefined
      ? happened<Event>(notified)
      : nothing
  }
  const { last } = state
  return about === "closed" && last?.epoch === epoch && last.closureNotifiedAt === undefined
    ? happened<Event>(notified)
    : nothing
}

/** Decides. Every command may be repeated, and reports may come in any order. */
export const decide = decider<State, Command, Event>(
  {
    Absent: { Report: (_, report) => watch(undefined, report) },
    Watched: {
      Report: watch,
      Clear: () => nothing,
      Expire: () => nothing,
      Close: () => nothing,
      MarkNotified: markNotified
    },
    Open: {
      Report: grow,
      Clear: clear,
      Expire: expire,
      Close: ({ epoch, seenAt }, { at, by }) =>
        happened<Event>({ _tag: "IncidentClosed", epoch, end: "by-operator", by, at: DateTime.max(at, seenAt) }),
      MarkNotified: markNotified
    }
  },
  impossible("Incident", {
    Absent: say("incident.nothing-met"),
    Watched: say("step.nothing"),
    Open: say("incident.wait-or-close")
  })
)

const scopeOf = ({ channel, id, kind, organizationId, region }: Omit<Present, "_tag">) => ({
  ...given({ id, organizationId, kind, channel, region })
})

const epochOf = (state: State): number => {
  if (state._tag === "Open") return state.epoch
  return state._tag === "Watched" ? (state.last?.epoch ?? 0) : 0
}

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  switch (event._tag) {
    case "RefusalsSeen": {
      if (state._tag === "Open") return state
      const known = state._tag === "Watched" ? state : undefined
      const bounds = { closedAt: known?.last?.closedAt, minutes: rules[known?.kind ?? event.kind].minutes }
      const sightings = merge(known?.sightings ?? [], event.sightings, bounds)
      if (known !== undefined && isSameList(known.sightings, sightings)) return known
      return { ...scopeOf(known ?? event), ...given({ last: known?.last }), _tag: "Watched", sightings }
    }
    case "IncidentOpened": {
      if (event.epoch <= epochOf(state)) return state
      const { at, detail, call, epoch, grants, organizations } = event
      return { ...scopeOf(event), _tag: "Open", epoch, call, grants, organizations, detail, openedAt: at, seenAt: at }
    }
    case "IncidentNotified":
      return evolveNotified(state, event)
    default:
      return state._tag === "Open" && event.epoch === state.epoch ? evolveOpen(state, event) : state
  }
}

const evolveNotified = (
  state: State,
  { about, at, epoch }: Extract<Event, { readonly _tag: "IncidentNotified" }>
): State => {
  if (epoch !== epochOf(state)) return state
  if (state._tag === "Open")
    return about === "opened" && state.notifiedAt === undefined ? { ...state, notifiedAt: at } : state
  if (state._tag !== "Watched" || state.last === undefined) return state
  return about === "closed" && state.last.closureNotifiedAt === undefined
    ? { ...state, last: { ...state.last, closureNotifiedAt: at } }
    : state
}

const evolveOpen = (
  state: Open,
  event: Extract<Event, { readonly _tag: "IncidentGrew" | "IncidentSeen" | "IncidentClosed" }>
): State => {
  switch (event._tag) {
    case "IncidentGrew": {
      const { at, detail, grants, organizations } = event
      return grants > state.grants ? { ...state, grants, organizations, detail, seenAt: at } : state
    }
    case "IncidentSeen":
      return DateTime.isGreaterThan(event.at, state.seenAt)
        ? { ...state, detail: event.detail, seenAt: event.at }
        : state
    case "IncidentClosed":
      return { ...scopeOf(state), _tag: "Watched", sightings: [], last: pastOf(state, event) }
  }
}

const pastOf = (
  { detail, call, epoch, grants, openedAt, organizations, notifiedAt }: Open,
  { at, by, end }: Extract<Event, { readonly _tag: "IncidentClosed" }>
): Past => given({ epoch, call, openedAt, grants, organizations, detail, notifiedAt, closedAt: at, end, by })

/** Folds a history. */
export const replay = fold(evolve)
