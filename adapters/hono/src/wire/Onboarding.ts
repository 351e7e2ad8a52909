/**
 * What comes before and after a consent on the wire: requirements, the way of an account, and further countries (flow
 * F2).
 */
import {
  AccountType,
  Channel,
  Check,
  type Expansion,
  Id,
  Marketplace,
  type Onboarding,
  type Requirements
} from "@portolan/domain"
import { Schema } from "effect"
import * as Query from "../Query.ts"
import { Instant, instant, MustAct } from "./Text.ts"

/** One thing to see to before somebody leaves for the provider. */
export const Requirement = Schema.Struct({
  id: Check.CheckId,
  title: Schema.String,
  question: Schema.String,
  why: Schema.String,
  remedy: Schema.String,
  mustAct: MustAct,
  source: Schema.Literals(["provider", "settings", "person"]),
  weight: Schema.Literals(["blocks", "limits"])
}).annotate({
  identifier: "Requirement",
  description: "A precondition at the provider. `blocks`: no connection without it; `limits`: a connection with less."
})

/** Writes a requirement. */
export const requirement = (of: Requirements.Requirement): typeof Requirement.Type => ({
  id: of.id,
  title: of.title,
  question: of.question,
  why: of.why,
  remedy: of.remedy,
  mustAct: of.mustAct,
  source: of.source,
  weight: of.weight
})

/** Which requirements are wanted. */
export const RequirementQuery = Schema.Struct({ channel: Channel.Known, type: AccountType.Known })

/** Which country is wanted. */
export const ExpansionQuery = Schema.Struct({
  marketplace: Query.marketplace("The further country."),
  type: Schema.optionalKey(AccountType.Known.annotate({ description: "By default the account's own type." }))
})

/** Whether a further country joins an account. */
export const ExpansionAnswer = Schema.Struct({
  decision: Schema.Literals(["already-there", "add-marketplace", "add-account", "impossible"]),
  needsConsent: Schema.Boolean,
  explanation: Schema.String
}).annotate({
  identifier: "Expansion",
  description: "Whether a further country joins this account or needs an account of its own, and why."
})

/** Writes the decision. */
export const expansion = ({
  decision,
  explanation,
  needsConsent
}: Expansion.Expansion): typeof ExpansionAnswer.Type => ({ decision, needsConsent, explanation })

/** A country to add. */
export const AddedMarketplace = Schema.Struct({ marketplaceId: Marketplace.Known })

const Step = Schema.Struct({
  id: Schema.Literals(["account", "access", "choose", "second-channel", "sync"]),
  title: Schema.String,
  state: Schema.Literals(["done", "now", "waiting", "todo", "optional"]),
  detail: Schema.String,
  channel: Schema.optionalKey(Channel.Channel),
  connectionId: Schema.optionalKey(Id.ConnectionId)
}).annotate({ identifier: "OnboardingStep", description: "One step of a new account." })

/** The way of an account. */
export const Answer = Schema.Struct({
  marketplaceId: Schema.String,
  steps: Schema.Array(Step),
  current: Schema.optionalKey(
    Schema.String.annotate({ description: "The first step that is neither done nor optional." })
  ),
  connected: Schema.Boolean,
  complete: Schema.Boolean,
  sync: Schema.optionalKey(Schema.Struct({ state: Schema.Literals(["syncing", "overdue", "in-sync"]), dueAt: Instant }))
}).annotate({
  identifier: "Onboarding",
  description: "The progress of an account until it is connected and its data loaded. Optional steps do not count."
})

/** Writes the way. */
export const of = ({
  complete,
  connected,
  current,
  marketplaceId,
  steps,
  sync
}: Onboarding.Onboarding): typeof Answer.Type => ({
  marketplaceId,
  steps,
  connected,
  complete,
  ...(current === undefined ? {} : { current }),
  ...(sync === undefined ? {} : { sync: { state: sync.state, dueAt: instant(sync.dueAt) } })
})
