/** The checklist with its results: what is wrong, who must act, and when to look again. */
import * as Duration from "effect/Duration"
import { given } from "../../kernel/given.ts"
import type { MustAct } from "../../kernel/MustAct.ts"
import { text } from "../../messages/Messages.ts"
import {
  type Answers,
  type Assumptions,
  assumed,
  type Check,
  examine,
  type Facts,
  type Finding,
  get
} from "../Check.ts"
import type { CheckId } from "../CheckId.ts"

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

/** The checklist with its results, and the conclusion. */
export interface Diagnosis {
  /** The six checks in their order, whatever is known. */
  readonly checks: ReadonlyArray<Finding>
  /** The first check that failed; before all of them a login that was never used, without which nothing was seen. */
  readonly headline?: Finding
  readonly remarks: ReadonlyArray<Remark>
  /**
   * `well`: all passed and there are no remarks. `failing`: something is wrong. `open`: not everything is known yet.
   */
  readonly verdict: "well" | "failing" | "open"
  /** One sentence for the top of the page. */
  readonly summary: string
  readonly mustAct: MustAct
  readonly nextStep: string
  /** Present when the software should look again by itself: how long after the last look. */
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
 * known. Of the open checks, those that wait for a person decide the next step.
 */
export const evaluate = (
  facts: Facts,
  answers: Answers = {},
  assumptions: Assumptions = assumed,
  all: ReadonlyArray<Check> = checkIds.map(get)
): Diagnosis => {
  const checks = all.map((check) => examine(check, facts, answers, assumptions))
  const failed = checks.filter((check) => check.state === "failed")
  const headline = failed.find(({ id }) => id === "login-used") ?? failed[0]
  const remarks = remarksOf(facts)
  const open = checks.find((check) => check.state === "unanswered") ?? checks.find((check) => check.state === "unknown")
  const waits = checks.flatMap((check) => check.lookAgainAfter ?? [])
  const lookAgainAfter = shortest(facts.profileVisible === false ? [...waits, Duration.hours(1)] : waits)
  return { checks, remarks, ...conclusion(headline, remarks[0], open), ...given({ headline, lookAgainAfter }) }
}
