/** A check with its result: what facts and people say about it. */
import type { Duration } from "effect"
import { given } from "../../kernel/given.ts"
import type { MustAct } from "../../kernel/MustAct.ts"
import { text } from "../../messages/Messages.ts"
import type { Permission } from "../../providers/Permission.ts"
import type { CheckId } from "../CheckId.ts"
import { type Check, firstLook } from "./checks.ts"
import { type Answer, type Answers, type Assumptions, assumed, type Facts } from "./facts.ts"

/** `unknown`: nobody has looked yet; the software will. `unanswered`: only a person can answer, and has not yet. */
export type CheckState = "passed" | "failed" | "unknown" | "unanswered"

/** A check with its result. */
export interface Finding {
  readonly id: CheckId
  readonly title: string
  readonly question: string
  readonly state: CheckState
  /** Who answered, or who has to. */
  readonly answeredBy: "provider" | "settings" | "person"
  readonly explanation: string
  readonly mustAct: MustAct
  readonly nextStep: string
  /** Present when the software looks again by itself. */
  readonly lookAgainAfter?: Duration.Duration
  /** The person's answer, when it decided. */
  readonly answer?: Answer
}

type Verdict = boolean | undefined

/** One false beats any true: contradicting facts are judged by the worse one, so a failure never hides. */
const all = (...verdicts: ReadonlyArray<Verdict>): Verdict => {
  if (verdicts.includes(false)) return false
  return verdicts.includes(true) ? true : undefined
}

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

// Without a consent, or without sight of the profile, the provider has nothing new to show.
const isOutOfSight = ({ id, source }: Check, facts: Facts): boolean =>
  (facts.notReported ?? []).includes(id) ||
  source === "person" ||
  (source === "provider" &&
    id !== "partner-added" &&
    (facts.advertisingConsent === false || facts.profileVisible === false))

const concluded = (check: Check, holds: boolean, answeredBy: Finding["answeredBy"]): Finding => {
  const { id, question, title } = check
  const common = { id, title, question, answeredBy }
  if (!holds) {
    return {
      ...common,
      state: "failed",
      mustAct: check.mustAct,
      nextStep: check.remedy,
      explanation: check.failure,
      ...given({ lookAgainAfter: check.lookAgainAfter })
    }
  }
  return {
    ...common,
    state: "passed",
    mustAct: "nobody",
    nextStep: text("step.nothing"),
    explanation: answeredBy === "person" ? text("check.said", { title }) : `${title}.`
  }
}

/** What is said of a check that neither facts nor people have answered. */
const unanswered = (check: Check, facts: Facts): Finding => {
  const { id, question, source, title } = check
  if (isOutOfSight(check, facts)) {
    return {
      id,
      title,
      question,
      answeredBy: "person",
      state: "unanswered",
      mustAct: "member",
      explanation: text("check.not-looked-up-here"),
      nextStep: text("check.please-answer", { question })
    }
  }
  return {
    id,
    title,
    question,
    answeredBy: source,
    state: "unknown",
    mustAct: "nobody",
    explanation: text("check.not-yet"),
    nextStep: text("check.we-look"),
    lookAgainAfter: firstLook
  }
}

/** Answers a check from facts, else from a person's answer, else says whose answer is missing. Pure and total. */
export const examine = (check: Check, facts: Facts, answers: Answers, assumptions: Assumptions = assumed): Finding => {
  const verdict = judge(check.id, facts, assumptions)
  if (verdict !== undefined) return concluded(check, verdict, check.source)
  const answer = answers[check.id]
  if (answer !== undefined) return { ...concluded(check, answer.holds, "person"), answer }
  return unanswered(check, facts)
}
