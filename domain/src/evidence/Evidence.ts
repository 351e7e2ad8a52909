/**
 * The evidence for a status: the state, the reason, who must act and where, and when it was last proven. Every status
 * that a person reads comes from here, so that page, API and notice agree. The words are in the default language;
 * `inWords` gives those of another one.
 */
import * as DateTime from "effect/DateTime"
import type * as Authorization from "../authorizations/Authorization.ts"
import * as Invitation from "../authorizations/Invitation.ts"
import type * as Backfill from "../connections/Backfill.ts"
import type * as Connection from "../connections/Connection.ts"
import type { ClassFreshness } from "../connections/Freshness.ts"
import type { MustAct } from "../kernel/MustAct.ts"
import type { Topic } from "../kernel/Topic.ts"
import { type Catalogue as Language, render } from "../messages/Messages.ts"
import type { Catalogue } from "../providers/Catalogue.ts"
import { outcomeOf } from "./authorizations.ts"
import { type ConnectionStatement, connectionStatement } from "./connections.ts"
import { linkStatement } from "./invitations.ts"
import { withFreshness } from "./freshness.ts"
import { type News, noticeOf } from "./notice.ts"
import type { Sentences, Statement } from "./statement.ts"

export { failureOf, failureReason, grantEndOf, leavingOf, lossOf, objectionOf } from "./facts.ts"
export { type Status } from "./connections.ts"
export { type News } from "./notice.ts"
export { type Sentences } from "./statement.ts"

/** The status or outcome of something, for the person who waits for it. */
export interface Outcome {
  /** Two or three words for a badge. */
  readonly label: string
  /** One sentence: why. */
  readonly reason: string
  readonly mustAct: MustAct
  /** One sentence: what to do, and where. */
  readonly nextStep: string
  /** The same three as messages, for any language. */
  readonly messages: Sentences
}

/** The status of a link, and whether it can still be followed. */
export interface LinkOutcome extends Outcome {
  /** Open, and not yet at its end. A label is for people, and differs by language; decide by this. */
  readonly isOpen: boolean
}

/** A status with its evidence. */
export type Evidence = Outcome & Omit<ConnectionStatement, keyof Outcome>

const worded = <S extends Statement>(statement: S) => {
  const { label, nextStep, reason } = statement
  return inWords({ ...statement, messages: { label, reason, nextStep } })
}

/** An outcome or a piece of evidence in another language, or in the default one when none is given. */
export const inWords = <O extends { readonly messages: Sentences }>(
  outcome: O,
  language?: Language
): Omit<O, keyof Sentences> & { readonly [K in keyof Sentences]: string } => ({
  ...outcome,
  label: render(outcome.messages.label, language),
  reason: render(outcome.messages.reason, language),
  nextStep: render(outcome.messages.nextStep, language)
})

/** What is known around a connection. */
export interface Known {
  /** The authorization whose consent is pending. */
  readonly pending?: Authorization.Present | undefined
  /** How its classes of data stand; without them the status says nothing of late data. */
  readonly freshness?: ReadonlyArray<ClassFreshness>
  readonly catalogue?: Catalogue | undefined
}

/**
 * The evidence of a connection at an instant, with what is known around it: one verdict out of consent, rights and
 * data. From the end of its consent on (rule C11) it says that somebody must authorize again, whether or not a call has
 * failed since.
 */
export const ofConnection = (
  state: Connection.Present,
  now: DateTime.Utc,
  { catalogue, freshness = [], pending }: Known = {}
): Evidence => worded(withFreshness(connectionStatement(state, now, pending, catalogue), freshness, catalogue))

/** The outcome of an authorization at an instant; a visit whose time is over has expired, recorded or not. */
export const ofAuthorization = (state: Authorization.Present, now: DateTime.Utc, catalogue?: Catalogue): Outcome =>
  worded(outcomeOf(state, now, catalogue))

/** The status of a link at an instant. */
export const ofInvitation = (state: Invitation.Present, now: DateTime.Utc): LinkOutcome => ({
  ...worded(linkStatement(state, now)),
  isOpen: Invitation.isOpen(state, now)
})

/** The text of a notice: what happened, who must act, and what comes next. */
export const explain = (topic: Topic, connection: Connection.Present, news: News, catalogue?: Catalogue): string =>
  render(noticeOf(topic, connection, news, catalogue))

/** Whether a first load deserves a warning: it is late, or a deadline has passed and its data are owed. */
export const isOverdue = (state: Backfill.State, now: DateTime.Utc): boolean =>
  state._tag === "Running" &&
  (state.overdueSince !== undefined ||
    state.promises.some(
      ({ completedAt, dueAt, missedAt }) =>
        completedAt === undefined && (missedAt !== undefined || DateTime.isGreaterThanOrEqualTo(now, dueAt))
    ))
