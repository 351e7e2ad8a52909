/**
 * Preconditions at a provider, as checks with answers that programs can read (rules C9, S-R5, P-R2, P-R3, P-R10, W-R1,
 * W-R2). A check is answered by facts that were fetched, and where the provider is silent by a person. Facts beat
 * answers: a person may remember the card as valid, the provider knows that it was refused.
 *
 * `Requirements` tells the checks before somebody leaves for the provider, `Diagnosis` reads them when an account is
 * missing or limited.
 */
import { Duration, Schema } from "effect"
import { Actor } from "../kernel/Actor.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import type { Channel } from "../providers/Channel.ts"
import { CheckId } from "./CheckId.ts"
import type { MustAct } from "../kernel/MustAct.ts"
import { Permission } from "../providers/Permission.ts"

export { CheckId } from "./CheckId.ts"

/** What was fetched. Every field may be absent, because a provider does not always tell; absent means neither. */
export const Facts = Schema.Struct({
  /** Campaigns of the account in the marketplace: how many, or whether there are any. */
  campaigns: Schema.optionalKey(Schema.Union([Schema.Boolean, Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))])),
  /** Whether the login sees the advertising profile (Walmart: whether the advertiser is among those assigned to us). */
  profileVisible: Schema.optionalKey(Schema.Boolean),
  permission: Schema.optionalKey(Permission),
  /** The right to create or pause ad groups, where it was tried apart from campaigns. */
  adGroupPermission: Schema.optionalKey(Permission),
  participating: Schema.optionalKey(Schema.Boolean),
  suspendedListings: Schema.optionalKey(Schema.Boolean),
  paymentValid: Schema.optionalKey(Schema.Boolean),
  /** Whether somebody consented with the login button, so that the provider can be asked at all. */
  advertisingConsent: Schema.optionalKey(Schema.Boolean),
  /** Whether the marketplace is enabled in the settings of this product. */
  marketplaceEnabled: Schema.optionalKey(Schema.Boolean),
  /** Checks about which the provider was asked and did not say. A person is asked instead. */
  notReported: Schema.optionalKey(Schema.Array(CheckId))
})
/** What was fetched. Every field may be absent, because a provider does not always tell; absent means neither. */
export type Facts = typeof Facts.Type

/** What a person said of one check: it holds, or it does not. */
export const Answer = Schema.Struct({ holds: Schema.Boolean, by: Actor, at: Schema.DateTimeUtc })
/** What a person said of one check: it holds, or it does not. */
export type Answer = typeof Answer.Type

const answer = Schema.optionalKey(Answer)
/** At most one answer a check. */
export const Answers = Schema.Struct({
  "campaign-exists": answer,
  "payment-valid": answer,
  "campaign-editable": answer,
  "ad-group-editable": answer,
  "marketplace-enabled": answer,
  "login-used": answer,
  "advertising-permission-in-seller-central": answer,
  participates: answer,
  "partner-added": answer,
  "write-access": answer
})
/** At most one answer a check. */
export type Answers = typeof Answers.Type

/** What no provider document confirms. Pass other values where it turns out differently. */
export interface Assumptions {
  /** Who may edit campaigns may edit ad groups. Amazon documents one right for its campaign endpoints, not one for each. */
  readonly adGroupsFollowCampaigns: boolean
}
/** The assumptions that hold unless the caller says otherwise. */
export const assumed: Assumptions = { adGroupsFollowCampaigns: true }

/** A check as it is told before anything is known. */
export interface Check {
  readonly id: CheckId
  /** A statement that holds when all is well. */
  readonly title: string
  /** The same as a question to a person, answered with yes or no. */
  readonly question: string
  /** Who can tell: the provider, the settings of this product, or only a person. */
  readonly source: "provider" | "settings" | "person"
  /** Who can put it right. */
  readonly mustAct: MustAct
  /** Why it is needed, in one sentence. */
  readonly why: string
  /** What to do when it does not hold. */
  readonly remedy: string
  /** What a failure looks like, in one sentence. */
  readonly failure: string
  /** How long after a failure it is worth looking again by ourselves. Absent: somebody's act tells us. */
  readonly lookAgainAfter?: Duration.Duration
}

/** `unknown`: not looked yet, we look by ourselves. `asked`: only a person can tell, and has not yet. */
export type CheckState = "passed" | "failed" | "unknown" | "asked"

/** A check with its result. */
export interface Finding {
  readonly id: CheckId
  readonly title: string
  readonly question: string
  readonly state: CheckState
  /** Whose word it rests on, or whose word is awaited. */
  readonly answeredBy: "provider" | "settings" | "person"
  readonly explanation: string
  readonly mustAct: MustAct
  readonly nextStep: string
  /** Present when it is worth looking again without anybody asking. */
  readonly lookAgainAfter?: Duration.Duration
  /** The answer it rests on, when it rests on one. */
  readonly answer?: Answer
}

/** How long until the first look, or the next one when the provider did not come to an answer. */
export const firstLook = Duration.minutes(15)

const checks: { readonly [C in CheckId]: Omit<Check, "id"> } = {
  "campaign-exists": {
    title: "Advertising is active in this marketplace: at least one campaign exists",
    question: "Does the account have at least one advertising campaign in this marketplace?",
    source: "provider",
    mustAct: "account-owner",
    why: "An account that never advertised is not shown to the Advertising API.",
    failure: "There is no advertising campaign in this marketplace.",
    remedy:
      "Create a campaign in the advertising console. It can take up to 24 hours until it appears; we look again by ourselves.",
    lookAgainAfter: Duration.hours(6)
  },
  "payment-valid": {
    title: "There is no payment problem in this marketplace",
    question: "Is the payment method (credit card) of the advertising account in order in this marketplace?",
    source: "provider",
    mustAct: "account-owner",
    why: "Advertising stops while the payment method is refused.",
    failure: "The provider reports a payment problem on the advertising account.",
    remedy: "Update the payment method in the advertising console.",
    lookAgainAfter: Duration.hours(6)
  },
  "campaign-editable": {
    title: "The login can create or pause a campaign",
    question: "Signed in to the advertising console with this login, can you create or pause a campaign?",
    source: "provider",
    mustAct: "account-owner",
    why: "By default only accounts whose campaigns the login may view and edit are shown to us.",
    failure: "The login can view campaigns and not edit them.",
    remedy:
      "Ask the account's administrator for the permission to view and edit in the campaign manager. " +
      "If it was given and nothing changed, have the user removed and added again.",
    lookAgainAfter: Duration.hours(1)
  },
  "ad-group-editable": {
    title: "The login can create or pause an ad group",
    question: "Signed in to the advertising console with this login, can you create or pause an ad group?",
    source: "provider",
    mustAct: "account-owner",
    why: "Changes to ad groups are sent with the rights of this login.",
    failure: "The login cannot change ad groups.",
    remedy: "Ask the account's administrator for the permission to view and edit in the campaign manager.",
    lookAgainAfter: Duration.hours(1)
  },
  "marketplace-enabled": {
    title: "The marketplace is enabled in the settings",
    question: "Is the marketplace enabled in the settings here?",
    source: "settings",
    mustAct: "member",
    why: "Accounts of a marketplace that is switched off are left out.",
    failure: "The marketplace is not enabled in the settings.",
    remedy: "Enable the marketplace in the settings."
  },
  "login-used": {
    title: "The login was connected with the provider's sign-in",
    question: "Did you sign in at the provider, with the login that has the accounts?",
    source: "settings",
    mustAct: "member",
    why: "Signing in here with a password shows no account; only the provider's sign-in lets it tell us which there are.",
    failure: "Nobody has signed in at the provider yet, so it tells us nothing.",
    remedy: "Connect advertising with the main login, or send an auth link to the person who has it."
  },
  "advertising-permission-in-seller-central": {
    title: "The login that connects advertising has the advertising permission in Seller Central",
    question: "Does the login that connected advertising have the advertising permission in Seller Central?",
    source: "person",
    mustAct: "account-owner",
    why: "The same user connects both. An agency's user is refused until the primary account owner has given the permission.",
    failure: "The login lacks the advertising permission in Seller Central.",
    remedy:
      "Ask the primary account owner to give this user the advertising permission under User Permissions in Seller Central."
  },
  participates: {
    title: "The seller participates in this marketplace",
    question: "Does the seller sell in this marketplace?",
    source: "provider",
    mustAct: "account-owner",
    why: "The Selling Partner API gives data of marketplaces in which the seller participates.",
    failure: "The seller does not participate in this marketplace.",
    remedy: "Choose a marketplace in which the seller is active, or have the seller register for this one."
  },
  "partner-added": {
    title: "An admin of the advertiser has added us as API partner at advertiser level",
    question: "Has an admin of the advertising account added us as API partner?",
    source: "provider",
    mustAct: "account-owner",
    why: "There is no sign-in to follow: an advertiser is shown to us only after an admin has added us.",
    failure: "The advertiser is not among those that the provider shows us.",
    remedy:
      "Have an admin of the advertising account add us as API partner at advertiser level. " +
      "It is not instant; we look every 15 minutes.",
    lookAgainAfter: firstLook
  },
  "write-access": {
    title: "The API partner's access type is write",
    question: "Was the access type write chosen for us?",
    source: "provider",
    mustAct: "account-owner",
    why: "With read access we can report, and cannot send changes back.",
    failure: "We have read access only: reports work, changes do not.",
    remedy: "Have an admin of the advertising account change our access type to write.",
    lookAgainAfter: Duration.hours(1)
  }
}

/** A check by its id, in terms that fit every provider. */
export const get = (id: CheckId): Check => ({ id, ...checks[id] })

/** A check by its id, in the terms of the channel's provider where it has its own. */
export const ofChannel = (id: CheckId, channel: Channel, catalogue: Catalogue = standard): Check => ({
  ...get(id),
  ...catalogue.provider.get(catalogue.channels.get(channel)?.provider ?? "")?.checks?.[id]
})

type Verdict = boolean | undefined

/** One false beats any true: contradicting facts are judged by the worse one, so a failure never hides. */
const all = (...verdicts: ReadonlyArray<Verdict>): Verdict =>
  verdicts.includes(false) ? false : verdicts.includes(true) ? true : undefined

const edits = (permission: Permission | undefined): Verdict =>
  permission === undefined ? undefined : permission === "edit"

/** What the facts alone say of a check: holds, does not hold, or nothing. */
export const judge = (id: CheckId, facts: Facts, assumptions: Assumptions = assumed): boolean | undefined => {
  switch (id) {
    case "campaign-exists":
      return typeof facts.campaigns === "number" ? facts.campaigns > 0 : facts.campaigns
    case "payment-valid":
      return facts.paymentValid
    case "campaign-editable":
      return edits(facts.permission)
    case "ad-group-editable": {
      const byCampaigns = edits(facts.permission)
      return all(
        edits(facts.adGroupPermission),
        byCampaigns === true && !assumptions.adGroupsFollowCampaigns ? undefined : byCampaigns
      )
    }
    case "marketplace-enabled":
      return facts.marketplaceEnabled
    case "login-used":
      return facts.advertisingConsent
    case "advertising-permission-in-seller-central":
      return undefined
    case "participates":
      return facts.participating
    case "partner-added":
      return facts.profileVisible
    case "write-access":
      return edits(facts.permission)
  }
}

// Without a consent, or without sight of the profile, looking again by ourselves would tell nothing new of it.
const outOfSight = (id: CheckId, facts: Facts): boolean =>
  (facts.notReported ?? []).includes(id) ||
  checks[id].source === "person" ||
  (checks[id].source === "provider" &&
    id !== "partner-added" &&
    (facts.advertisingConsent === false || facts.profileVisible === false))

const result = (check: Check, holds: boolean, answeredBy: Finding["answeredBy"]): Finding => {
  const { id, question, title } = check
  return holds
    ? {
        id,
        title,
        question,
        answeredBy,
        state: "passed",
        mustAct: "nobody",
        nextStep: "Nothing to do.",
        explanation: answeredBy === "person" ? `Said by a person: ${title}.` : `${title}.`
      }
    : {
        id,
        title,
        question,
        answeredBy,
        state: "failed",
        mustAct: check.mustAct,
        nextStep: check.remedy,
        explanation: check.failure,
        ...(check.lookAgainAfter === undefined ? {} : { lookAgainAfter: check.lookAgainAfter })
      }
}

/** Answers a check from facts, else from a person's answer, else says whose answer is awaited. Pure and total. */
export const examine = (check: Check, facts: Facts, answers: Answers, assumptions: Assumptions = assumed): Finding => {
  const { id } = check
  const told = judge(id, facts, assumptions)
  if (told !== undefined) return result(check, told, check.source)
  const given = answers[id]
  if (given !== undefined) return { ...result(check, given.holds, "person"), answer: given }
  const { question, title } = check
  return outOfSight(id, facts)
    ? {
        id,
        title,
        question,
        answeredBy: "person",
        state: "asked",
        mustAct: "member",
        explanation: "This cannot be looked up from here.",
        nextStep: `Please answer: ${question}`
      }
    : {
        id,
        title,
        question,
        answeredBy: check.source,
        state: "unknown",
        mustAct: "nobody",
        explanation: "This was not looked up yet.",
        nextStep: "Nothing to do; we look by ourselves.",
        lookAgainAfter: firstLook
      }
}
