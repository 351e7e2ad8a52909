/**
 * Why an account is missing or limited: the six checks of rule S-R5 in their order, answered by facts where the
 * provider tells and by people where it does not (rule C9). The first failing check is the headline, because the later
 * ones often fail only for its sake. A connection of a channel without the checklist is explained by `Requirements`
 * alone.
 *
 * `evaluate` is a pure function. Around it a small machine, one per connection, keeps the last facts and answers, so
 * that a page, a job and a person look at the same thing.
 */
import { DateTime, Duration, Option, Schema } from "effect"
import type { Actor } from "../kernel/Actor.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import { Channel, hasChecklist, providerLabel } from "../providers/Channel.ts"
import {
  Answer,
  Answers,
  type Assumptions,
  assumed,
  type Check,
  examine,
  Facts,
  type Finding,
  get,
  ofChannel
} from "./Check.ts"
import { CheckId } from "./CheckId.ts"
import type { MustAct } from "../kernel/MustAct.ts"
import { AccountId, CompanyId, ConnectionId, DiagnosisId, OrganizationId } from "../kernel/Id.ts"
import { deciderWith, fold, happened, nothing } from "../kernel/Machine.ts"
import { say, text } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

/** The checks of rule S-R5, in its order. */
export const checkIds = [
  "campaign-exists",
  "payment-valid",
  "campaign-editable",
  "ad-group-editable",
  "marketplace-enabled",
  "login-used"
] as const satisfies ReadonlyArray<CheckId>

/** Something that is not one of the six checks and explains a missing or limited account all the same. */
export interface Remark {
  readonly id: "profile-not-visible" | "not-participating" | "suspended-listings"
  readonly explanation: string
  readonly mustAct: MustAct
  readonly nextStep: string
}

/** The checklist with its results, and what they come to. */
export interface Diagnosis {
  /** The six checks in their order, whatever is known. */
  readonly checks: ReadonlyArray<Finding>
  /** The first check that failed. */
  readonly headline?: Finding
  readonly remarks: ReadonlyArray<Remark>
  /** `well`: all passed and nothing to remark. `failing`: something is wrong. `open`: not everything is known yet. */
  readonly verdict: "well" | "failing" | "open"
  /** One sentence for the top of the page. */
  readonly summary: string
  readonly mustAct: MustAct
  readonly nextStep: string
  /** Present when it should be looked at again without anybody asking: how long after the last look. */
  readonly lookAgainAfter?: Duration.Duration
}

const remarksOf = (facts: Facts): ReadonlyArray<Remark> => {
  const found: Array<Remark> = []
  if (facts.profileVisible === false) {
    found.push({
      id: "profile-not-visible",
      mustAct: "account-owner",
      explanation: text("diagnosis.profile-unseen"),
      nextStep: text("diagnosis.check-login")
    })
  }
  if (facts.participating === false) {
    found.push({
      id: "not-participating",
      mustAct: "account-owner",
      explanation: text("profile.not-participating"),
      nextStep: text("check.participation-choose")
    })
  }
  if (facts.suspendedListings === true) {
    found.push({
      id: "suspended-listings",
      mustAct: "account-owner",
      explanation: text("profile.listings-suspended"),
      nextStep: text("diagnosis.account-health")
    })
  }
  return found
}

const shortest = (waits: ReadonlyArray<Duration.Duration>): Duration.Duration | undefined =>
  waits.reduce<Duration.Duration | undefined>(
    (least, wait) => (least === undefined || Duration.isLessThan(wait, least) ? wait : least),
    undefined
  )

const conclusion = (
  headline: Finding | undefined,
  remark: Remark | undefined,
  open: Finding | undefined
): Pick<Diagnosis, "verdict" | "summary" | "mustAct" | "nextStep"> => {
  const wrong = headline ?? remark
  if (wrong !== undefined) {
    return { verdict: "failing", summary: wrong.explanation, mustAct: wrong.mustAct, nextStep: wrong.nextStep }
  }
  return open === undefined
    ? {
        verdict: "well",
        summary: text("diagnosis.all-pass"),
        mustAct: "nobody",
        nextStep: text("diagnosis.granted-to-login")
      }
    : { verdict: "open", summary: text("diagnosis.nothing-known"), mustAct: open.mustAct, nextStep: open.nextStep }
}

/**
 * Evaluates the checklist. Total, deterministic, and monotone: a fact that fails a check fails it whatever else is
 * known or said. Of the unanswered checks those that wait for a person come first in what is to be done.
 */
export const evaluate = (
  facts: Facts,
  answers: Answers = {},
  assumptions: Assumptions = assumed,
  all: ReadonlyArray<Check> = checkIds.map(get)
): Diagnosis => {
  const checks = all.map((check) => examine(check, facts, answers, assumptions))
  const headline = checks.find((check) => check.state === "failed")
  const remarks = remarksOf(facts)
  const open = checks.find((check) => check.state === "unanswered") ?? checks.find((check) => check.state === "unknown")
  const waits = checks.flatMap((check) => check.lookAgainAfter ?? [])
  const lookAgainAfter = shortest(facts.profileVisible === false ? [...waits, Duration.hours(1)] : waits)
  return {
    checks,
    ...(headline === undefined ? {} : { headline }),
    remarks,
    ...conclusion(headline, remarks[0], open),
    ...(lookAgainAfter === undefined ? {} : { lookAgainAfter })
  }
}

const fields = {
  id: DiagnosisId,
  organizationId: OrganizationId,
  companyId: CompanyId,
  accountId: AccountId,
  connectionId: ConnectionId,
  channel: Channel,
  openedAt: Schema.DateTimeUtc
}

/** Absent until somebody, or a job, begins to look. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Open: {
    ...fields,
    facts: Facts,
    answers: Answers,
    /** When the provider was last looked at; absent when it never was. */
    checkedAt: Schema.optionalKey(Schema.DateTimeUtc),
    /** When facts or answers last changed. */
    changedAt: Schema.DateTimeUtc
  }
})
export type State = typeof State.Type
/** A diagnosis with its facts and answers. */
export type Open = Extract<State, { readonly _tag: "Open" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a diagnosis. */
export const Event = Schema.TaggedUnion({
  DiagnosisOpened: fields,
  FactsObserved: { connectionId: ConnectionId, facts: Facts, at: Schema.DateTimeUtc },
  /** The provider was looked at and told the same as before. */
  FactsConfirmed: { at: Schema.DateTimeUtc },
  CheckAnswered: { connectionId: ConnectionId, check: CheckId, answer: Answer }
})
export type Event = typeof Event.Type

/** What can be asked of a diagnosis. `at` of `Observe` is when the provider was looked at, not when it is told. */
export type Command =
  | { readonly _tag: "Open"; readonly diagnosis: Omit<Open, "_tag" | "facts" | "answers" | "checkedAt" | "changedAt"> }
  | { readonly _tag: "Observe"; readonly facts: Facts; readonly at: DateTime.Utc }
  | {
      readonly _tag: "Answer"
      readonly check: CheckId
      readonly holds: boolean
      readonly by: Actor
      readonly at: DateTime.Utc
    }

const subject = "Diagnosis"

/**
 * Facts that stay the same are recorded as confirmed no more often than this, so that polling does not fill the
 * history.
 */
export const confirmInterval = { minutes: 5 } as const

/** Looking again by ourselves ends this long after the last change; a person can still look at any time. */
export const watchTime = Duration.days(14)

const sameFacts = Schema.toEquivalence(Facts)

/** Decides what a diagnosis's command leads to. News that is older than what is known changes nothing. */
export const decide = deciderWith<State, Command, Event, Catalogue>(
  standard,
  {
    Absent: {
      Open: (_, { diagnosis }, catalogue) =>
        hasChecklist(diagnosis.channel, catalogue)
          ? happened<Event>({ _tag: "DiagnosisOpened", ...diagnosis })
          : refuse(subject, "Open", "contradiction", {
              detail: say("diagnosis.other-provider", { provider: providerLabel(diagnosis.channel, catalogue) }),
              nextStep: say("diagnosis.see-requirements")
            })
    },
    Open: {
      Open: () =>
        refuse(subject, "Open", "already-exists", {
          detail: say("diagnosis.exists"),
          nextStep: say("diagnosis.look-instead")
        }),
      Observe: (state, { at, facts }) => {
        const { checkedAt, connectionId } = state
        if (checkedAt !== undefined && DateTime.isLessThanOrEqualTo(at, checkedAt)) return nothing
        if (checkedAt === undefined || !sameFacts(facts, state.facts)) {
          return happened<Event>({ _tag: "FactsObserved", connectionId, facts, at })
        }
        return DateTime.isGreaterThanOrEqualTo(at, DateTime.add(checkedAt, confirmInterval))
          ? happened<Event>({ _tag: "FactsConfirmed", at })
          : nothing
      },
      Answer: (state, { at, by, check, holds }) => {
        const known = state.answers[check]
        if (known !== undefined && (known.holds === holds || DateTime.isLessThan(at, known.at))) return nothing
        return happened<Event>({
          _tag: "CheckAnswered",
          connectionId: state.connectionId,
          check,
          answer: { holds, by, at }
        })
      }
    }
  },
  impossible(subject, { Absent: say("diagnosis.begin"), Open: say("diagnosis.answer") })
)

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "DiagnosisOpened") {
    return state._tag === "Absent"
      ? { ...event, _tag: "Open", facts: {}, answers: {}, changedAt: event.openedAt }
      : state
  }
  if (state._tag === "Absent") return state
  switch (event._tag) {
    case "FactsObserved":
      return { ...state, facts: event.facts, checkedAt: event.at, changedAt: event.at }
    case "FactsConfirmed":
      return { ...state, checkedAt: event.at }
    case "CheckAnswered":
      return {
        ...state,
        answers: { ...state.answers, [event.check]: event.answer },
        changedAt: DateTime.max(state.changedAt, event.answer.at)
      }
  }
}

/** Folds a history. */
export const replay = fold(evolve)

/** The six checks in the terms of a channel's provider. */
export const checksOf = (channel: Channel, catalogue: Catalogue = standard): ReadonlyArray<Check> =>
  checkIds.map((id) => ofChannel(id, channel, catalogue))

/** The checklist of a connection as it stands. */
export const ofOpen = (state: Open, assumptions: Assumptions = assumed, catalogue: Catalogue = standard): Diagnosis =>
  evaluate(state.facts, state.answers, assumptions, checksOf(state.channel, catalogue))

/**
 * When to look again without anybody asking: at once when nobody has looked yet, after the shortest wait that a check
 * asks for, or never, when nothing changes by itself or nothing has changed for `watchTime`.
 */
export const lookAgainAt = (state: Open, assumptions: Assumptions = assumed): Option.Option<DateTime.Utc> => {
  if (state.checkedAt === undefined) return Option.some(state.openedAt)
  const wait = ofOpen(state, assumptions).lookAgainAfter
  if (wait === undefined) return Option.none()
  const next = DateTime.addDuration(state.checkedAt, wait)
  return DateTime.isGreaterThan(next, DateTime.addDuration(state.changedAt, watchTime))
    ? Option.none()
    : Option.some(next)
}
