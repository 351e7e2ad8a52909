/** A diagnosis: what is known of a connection, what happened to it, and what can be asked of it. */
import type { DateTime } from "effect"
import * as Schema from "effect/Schema"
import type { Actor } from "../../kernel/Actor.ts"
import { AccountId, CompanyId, ConnectionId, DiagnosisId, OrganizationId } from "../../kernel/Id.ts"
import { Channel } from "../../providers/Channel.ts"
import { Answer, Answers, Facts } from "../Check.ts"
import { CheckId } from "../CheckId.ts"

const fields = {
  id: DiagnosisId,
  organizationId: OrganizationId,
  companyId: CompanyId,
  accountId: AccountId,
  connectionId: ConnectionId,
  channel: Channel,
  openedAt: Schema.DateTimeUtc
}

/** Absent until a person or a job looks for the first time. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Open: {
    ...fields,
    facts: Facts,
    answers: Answers,
    /** When the provider was last asked; absent when it never was. */
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
  /** The provider was asked and its answer was the same as before. */
  FactsConfirmed: { at: Schema.DateTimeUtc },
  CheckAnswered: { connectionId: ConnectionId, check: CheckId, answer: Answer }
})
export type Event = typeof Event.Type

/** What can be asked of a diagnosis. `at` of `Observe` is when the provider was asked. */
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
