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
import { text } from "../messages/Messages.ts"

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
  /** Checks about which the provider was asked and did not answer. A person is asked instead. */
  notReported: Schema.optionalKey(Schema.Array(CheckId))
})
export type Facts = typeof Facts.Type

/** What a person said of one check: it holds, or it does not. */
export const Answer = Schema.Struct({ holds: Schema.Boolean, by: Actor, at: Schema.DateTimeUtc })
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
export type Answers = typeof Answers.Type

/** What no provider document confirms. Pass other values where it turns out differently. */
export interface Assumptions {
  /**
   * Who may edit campaigns may edit ad groups. Amazon documents one right for its campaign endpoints, not one for each.
   */
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

/** `unknown`: not looked yet, we look by ourselves. `unanswered`: only a person can answer, and has not yet. */
export type CheckState = "passed" | "failed" | "unknown" | "unanswered"

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
    title: text("check.campaign-title"),
    question: text("check.campaign-question"),
    source: "provider",
    mustAct: "account-owner",
    why: text("check.campaign-why"),
    failure: text("check.campaign-missing"),
    remedy: text("check.campaign-create"),
    lookAgainAfter: Duration.hours(6)
  },
  "payment-valid": {
    title: text("check.payment-title"),
    question: text("check.payment-question"),
    source: "provider",
    mustAct: "account-owner",
    why: text("check.payment-why"),
    failure: text("check.payment-problem"),
    remedy: text("check.payment-update"),
    lookAgainAfter: Duration.hours(6)
  },
  "campaign-editable": {
    title: text("check.edit-campaigns-title"),
    question: text("check.edit-campaigns-question"),
    source: "provider",
    mustAct: "account-owner",
    why: text("check.edit-campaigns-why"),
    failure: text("check.edit-campaigns-missing"),
    remedy: text("check.edit-campaigns-ask"),
    lookAgainAfter: Duration.hours(1)
  },
  "ad-group-editable": {
    title: text("check.edit-ad-groups-title"),
    question: text("check.edit-ad-groups-question"),
    source: "provider",
    mustAct: "account-owner",
    why: text("check.edit-ad-groups-why"),
    failure: text("check.edit-ad-groups-missing"),
    remedy: text("check.edit-ad-groups-ask"),
    lookAgainAfter: Duration.hours(1)
  },
  "marketplace-enabled": {
    title: text("check.enabled-title"),
    question: text("check.enabled-question"),
    source: "settings",
    mustAct: "member",
    why: text("check.enabled-why"),
    failure: text("check.enabled-missing"),
    remedy: text("check.enabled-enable")
  },
  "login-used": {
    title: text("check.login-title"),
    question: text("check.login-question"),
    source: "settings",
    mustAct: "member",
    why: text("check.login-why"),
    failure: text("check.login-missing"),
    remedy: text("check.login-connect")
  },
  "advertising-permission-in-seller-central": {
    title: text("check.permission-title"),
    question: text("check.permission-question"),
    source: "person",
    mustAct: "account-owner",
    why: text("check.permission-why"),
    failure: text("check.permission-missing"),
    remedy: text("check.permission-ask")
  },
  participates: {
    title: text("check.participation-title"),
    question: text("check.participation-question"),
    source: "provider",
    mustAct: "account-owner",
    why: text("check.participation-why"),
    failure: text("profile.not-participating"),
    remedy: text("check.participation-choose")
  },
  "partner-added": {
    title: text("check.partner-title"),
    question: text("check.partner-question"),
    source: "provider",
    mustAct: "account-owner",
    why: text("check.partner-why"),
    failure: text("check.partner-missing"),
    remedy: text("check.partner-ask"),
    lookAgainAfter: firstLook
  },
  "write-access": {
    title: text("check.write-title"),
    question: text("check.write-question"),
    source: "provider",
    mustAct: "account-owner",
    why: text("check.write-why"),
    failure: text("check.write-missing"),
    remedy: text("check.write-ask"),
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

/** What the facts alone say about a check: holds, does not hold, or nothing. */
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
        nextStep: text("step.nothing"),
        explanation: answeredBy === "person" ? text("check.said", { title }) : `${title}.`
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
  const verdict = judge(id, facts, assumptions)
  if (verdict !== undefined) return result(check, verdict, check.source)
  const given = answers[id]
  if (given !== undefined) return { ...result(check, given.holds, "person"), answer: given }
  const { question, title } = check
  return outOfSight(id, facts)
    ? {
        id,
        title,
        question,
        answeredBy: "person",
        state: "unanswered",
        mustAct: "member",
        explanation: text("check.not-looked-up-here"),
        nextStep: text("check.please-answer", { question })
      }
    : {
        id,
        title,
        question,
        answeredBy: check.source,
        state: "unknown",
        mustAct: "nobody",
        explanation: text("check.not-yet"),
        nextStep: text("check.we-look"),
        lookAgainAfter: firstLook
      }
}
