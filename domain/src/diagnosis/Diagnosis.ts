/**
 * Why an account is missing or limited: the six checks of rule S-R5 in their order, answered by facts where the
 * provider tells and by people where it does not (rule C9). The first failing check is the headline, because later
 * ones often fail for the same cause; a login that was never used comes before all, because nothing was seen without
 * it. A connection of a channel without the checklist is explained by `Requirements` alone.
 *
 * `evaluate` is a pure function. Around it a small machine, one per connection, keeps the last facts and answers, so
 * that a page, a job and a person look at the same thing.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { fold } from "../kernel/Machine.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import type { Channel } from "../providers/Channel.ts"
import { type Assumptions, assumed, type Check, ofChannel } from "./Check.ts"
import { checkIds, type Diagnosis, evaluate } from "./diagnosis/checklist.ts"
import { evolve } from "./diagnosis/evolve.ts"
import type { Open } from "./diagnosis/state.ts"

export { checkIds, type Diagnosis, evaluate, type Remark } from "./diagnosis/checklist.ts"
export { confirmInterval, decide } from "./diagnosis/decide.ts"
export { evolve } from "./diagnosis/evolve.ts"
export { type Command, Event, initial, type Open, State } from "./diagnosis/state.ts"

/** Folds a history. */
export const replay = fold(evolve)

/** The software looks again by itself until this long after the last change; a person can look at any time. */
export const watchTime = Duration.days(14)

/** The six checks in the terms of a channel's provider. */
export const checksOf = (channel: Channel, catalogue: Catalogue = standard): ReadonlyArray<Check> =>
  checkIds.map((id) => ofChannel(id, channel, catalogue))

/** The checklist of a connection with its results. */
export const ofOpen = (state: Open, assumptions: Assumptions = assumed, catalogue: Catalogue = standard): Diagnosis =>
  evaluate(state.facts, state.answers, assumptions, checksOf(state.channel, catalogue))

/**
 * When the software looks again by itself: at once when it has never looked, after the shortest wait that a check asks
 * for, or never, when no check waits or nothing has changed for `watchTime`.
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
