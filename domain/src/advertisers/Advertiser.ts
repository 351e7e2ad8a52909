/**
 * An advertiser that added us as its partner, in the directory of the installation (rules W-R4 to W-R6, W-R12).
 * Providers list advertisers only on request, so a list that the software fetched decides what is there, missing or
 * lost. An operator assigns an advertiser to one organization, and no other organization can see it.
 */
import { given } from "../kernel/given.ts"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Advertiser, sameAdvertiser } from "../authorizations/Profile.ts"
import { Actor } from "../kernel/Actor.ts"
import { AdvertiserId, OrganizationId } from "../kernel/Id.ts"
import { decider, fold, happened, isRepeat, nothing } from "../kernel/Machine.ts"
import { say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

export { isNamed, lookAlike, mayBe } from "./advertiser/likeness.ts"

/** Looks in a row without it after which an advertiser counts as lost: one bad list ends no connection (rule W-R12). */
export const missesUntilLost = 3

/** Minutes between looks (rule W-R5). */
export const lookMinutes = 15

/**
 * Minutes after a counted miss before the next one counts. Operators can look at any time, and three lists within one
 * bad minute are one bad list. Shorter than the time between the looks of the software, so that each of those counts.
 */
export const missMinutes = 10

/** Whose advertiser it is. */
export const Assignment = Schema.Struct({
  tenantId: OrganizationId,
  tenantName: Schema.String,
  at: Schema.DateTimeUtc,
  by: Actor
})
export type Assignment = typeof Assignment.Type

const fields = {
  id: AdvertiserId,
  /** The installation; the directory belongs to no customer. */
  organizationId: OrganizationId,
  advertiser: Advertiser,
  firstSeenAt: Schema.DateTimeUtc,
  /** Counts the assignments, and the returns after it was lost: each of them is a grant of its own. */
  assignmentEpoch: Schema.Int,
  assignment: Schema.optionalKey(Assignment)
}

/** Absent, seen at the latest looks, or lost. */
export const State = Schema.TaggedUnion({
  Absent: {},
  /**
   * `missedAt`: of the latest miss that counted. `seenAt`: of the latest look that changed what is known of it.
   */
  Listed: {
    ...fields,
    misses: Schema.Int,
    missedAt: Schema.optionalKey(Schema.DateTimeUtc),
    seenAt: Schema.optionalKey(Schema.DateTimeUtc)
  },
  Lost: { ...fields, lostAt: Schema.DateTimeUtc }
})
export type State = typeof State.Type
/** An advertiser that was ever seen. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to an advertiser. */
export const Event = Schema.TaggedUnion({
  AdvertiserDiscovered: fields,
  AdvertiserChanged: { advertiser: Advertiser, at: Schema.DateTimeUtc },
  AdvertiserMissed: { at: Schema.DateTimeUtc },
  AdvertiserLost: { at: Schema.DateTimeUtc },
  /** It is listed again, after misses or after it was lost. */
  AdvertiserReturned: { advertiser: Advertiser, at: Schema.DateTimeUtc },
  AdvertiserAssigned: { assignment: Assignment },
  AdvertiserUnassigned: { tenantId: OrganizationId, assignmentEpoch: Schema.Int, at: Schema.DateTimeUtc, by: Actor }
})
export type Event = typeof Event.Type

/** What can be asked of an advertiser. */
export type Command =
  | {
      readonly _tag: "See"
      readonly id: AdvertiserId
      readonly organizationId: OrganizationId
      readonly advertiser: Advertiser
      readonly at: DateTime.Utc
    }
  | { readonly _tag: "Miss"; readonly at: DateTime.Utc }
  | { readonly _tag: "Assign"; readonly assignment: Assignment }
  | { readonly _tag: "Unassign"; readonly at: DateTime.Utc; readonly by: Actor }

const subject = "Advertiser"

const assign = (state: Present, { assignment }: Extract<Command, { readonly _tag: "Assign" }>) => {
  if (state.assignment === undefined) return happened<Event>({ _tag: "AdvertiserAssigned", assignment })
  return state.assignment.tenantId === assignment.tenantId
    ? nothing
    : refuse(subject, "Assign", "profile-taken", {
        detail: say("advertiser.assigned-elsewhere", {
          advertiser: state.advertiser.name,
          tenant: state.assignment.tenantName
        }),
        nextStep: say("advertiser.take-back-first")
      })
}

const unassign = (state: Present, { at, by }: Extract<Command, { readonly _tag: "Unassign" }>) =>
  state.assignment === undefined
    ? nothing
    : happened<Event>({
        _tag: "AdvertiserUnassigned",
        tenantId: state.assignment.tenantId,
        assignmentEpoch: state.assignmentEpoch,
        at,
        by
      })

/** The latest look that what is known of an advertiser comes from. */
export const lastSeenAt = (state: Present): DateTime.Utc =>
  (state._tag === "Listed" ? state.seenAt : undefined) ?? state.firstSeenAt

/** Whether a list is older than one that is known already. Lists may arrive out of order; an older one says nothing. */
const isOld = (state: Present, at: DateTime.Utc): boolean => {
  const { missedAt, seenAt } = state._tag === "Listed" ? state : { missedAt: state.lostAt, seenAt: undefined }
  return [state.firstSeenAt, missedAt, seenAt].some((known) => known !== undefined && DateTime.isLessThan(at, known))
}

/** Decides what an advertiser's command leads to. */
export const decide = decider<State, Command, Event>(
  {
    Absent: {
      See: (_, { advertiser, at, id, organizationId }) =>
        happened<Event>({
          _tag: "AdvertiserDiscovered",
          id,
          organizationId,
          advertiser,
          firstSeenAt: at,
          assignmentEpoch: 0
        })
    },
    Listed: {
      See: (state, { advertiser, at }) => {
        if (isOld(state, at)) return nothing
        if (state.misses > 0) return happened<Event>({ _tag: "AdvertiserReturned", advertiser, at })
        return sameAdvertiser(state.advertiser, advertiser)
          ? nothing
          : happened<Event>({ _tag: "AdvertiserChanged", advertiser, at })
      },
      Miss: (state, { at }) =>
        isOld(state, at) ||
        (state.missedAt !== undefined &&
          DateTime.isLessThan(at, DateTime.add(state.missedAt, { minutes: missMinutes })))
          ? nothing
          : happened<Event>(
              state.misses + 1 >= missesUntilLost ? { _tag: "AdvertiserLost", at } : { _tag: "AdvertiserMissed", at }
            ),
      Assign: assign,
      Unassign: unassign
    },
    Lost: {
      See: (state, { advertiser, at }) =>
        isOld(state, at) ? nothing : happened<Event>({ _tag: "AdvertiserReturned", advertiser, at }),
      Miss: () => nothing,
      Assign: (state) =>
        refuse(subject, "Assign", "not-possible-now", {
          detail: say("advertiser.gone", { advertiser: state.advertiser.name }),
          nextStep: say("advertiser.wait-until-back")
        }),
      Unassign: unassign
    }
  },
  impossible(subject, {
    Absent: say("advertiser.wait-for-partnership"),
    Listed: say("advertiser.assign"),
    Lost: say("advertiser.ask-admin-again")
  })
)

const sameAssignment = Schema.toEquivalence(Assignment)

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "AdvertiserDiscovered")
    return state._tag === "Absent" ? { ...event, _tag: "Listed", misses: 0 } : state
  if (state._tag === "Absent") return state
  switch (event._tag) {
    case "AdvertiserChanged":
      return state._tag === "Listed"
        ? { ...state, advertiser: event.advertiser, seenAt: event.at }
        : { ...state, advertiser: event.advertiser }
    case "AdvertiserMissed":
      return state._tag === "Listed" && !isRepeat(event.at, state.missedAt)
        ? { ...state, misses: state.misses + 1, missedAt: event.at }
        : state
    case "AdvertiserLost":
      return { ...core(state), _tag: "Lost", lostAt: event.at }
    case "AdvertiserReturned":
      return {
        ...core(state),
        advertiser: event.advertiser,
        _tag: "Listed",
        misses: 0,
        seenAt: event.at,
        assignmentEpoch: state._tag === "Lost" ? state.assignmentEpoch + 1 : state.assignmentEpoch
      }
    case "AdvertiserAssigned":
      return state.assignment !== undefined && sameAssignment(state.assignment, event.assignment)
        ? state
        : { ...state, assignment: event.assignment, assignmentEpoch: state.assignmentEpoch + 1 }
    case "AdvertiserUnassigned": {
      const { assignment: _assignment, ...rest } = state
      return rest
    }
  }
}

const core = ({ advertiser, assignment, firstSeenAt, id, organizationId, assignmentEpoch }: Present) => ({
  id,
  organizationId,
  advertiser,
  firstSeenAt,
  assignmentEpoch,
  ...given({ assignment })
})

/** Folds a history. */
export const replay = fold(evolve)
