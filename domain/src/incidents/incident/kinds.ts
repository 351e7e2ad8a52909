/**
 * The kinds of incidents as data: what makes a refusal one that many share, who must act, and when it counts as over. A
 * customer never has to act on an incident.
 *
 * The figures are ours; no provider publishes any.
 */
import * as Schema from "effect/Schema"

/** What is shared. */
export const Kind = Schema.Literals([
  /** The provider refuses our own client id or secret. */
  "application-rejected",
  /** Permission is refused to many at once, e.g. by a gateway. */
  "refused-for-many",
  /** Access tokens that were made a moment ago are refused to many. */
  "fresh-token-refused",
  /** The provider does not answer, or answers with faults. */
  "outage",
  /** Refresh tokens of many organizations are refused at once; mass false refusals have been reported. */
  "mass-withdrawal"
])
export type Kind = typeof Kind.Type

/** Who must act on an incident: whoever runs the installation, or the provider. */
export type Responsible = "operator" | "provider"

/** One kind of incident. */
export interface Rule {
  /** The failure that its calls give. */
  readonly failure: "ApplicationRejected" | "PermissionMissing" | "AccessTokenRefused" | "Temporary" | "GrantRefused"
  /** Whether it is shared by all regions of a channel (one secret) or by one region (one host). */
  readonly scope: "channel" | "region"
  /** How many grants must be refused within `minutes`. */
  readonly grants: number
  /**
   * Of how many organizations these must be. With three, nobody learns from an incident that one certain other
   * organization is a customer. An installation of one company says that fewer are enough.
   */
  readonly organizations: number
  readonly minutes: number
  /** The least share of refused grants among all that called in these minutes. */
  readonly share: number
  /** How many grants must work again, while fewer than `share` of those that call are refused, until it is over. */
  readonly healedBy: number
  /** Minutes without a refusal after which it counts as over. */
  readonly quietMinutes: number
  /** Minutes after which the refusals are believed, although many share them. */
  readonly believedMinutes?: number
  readonly mustAct: Responsible
}

const many = { grants: 3, organizations: 3, minutes: 15, share: 0.5, healedBy: 2, quietMinutes: 120 } as const

/** The rule of each kind. */
export const rules: { readonly [K in Kind]: Rule } = {
  "application-rejected": {
    failure: "ApplicationRejected",
    scope: "channel",
    grants: 0,
    organizations: 0,
    minutes: 15,
    share: 0,
    healedBy: 1,
    quietMinutes: 24 * 60,
    mustAct: "operator"
  },
  "refused-for-many": { ...many, failure: "PermissionMissing", scope: "region", mustAct: "provider" },
  "fresh-token-refused": { ...many, failure: "AccessTokenRefused", scope: "region", mustAct: "operator" },
  outage: { ...many, failure: "Temporary", scope: "region", share: 0.8, mustAct: "provider" },
  "mass-withdrawal": {
    ...many,
    failure: "GrantRefused",
    scope: "region",
    minutes: 60,
    believedMinutes: 6 * 60,
    mustAct: "provider"
  }
}

/** Minutes between looks at an open incident that may be over. */
export const checkMinutes = 5

/** Minutes after which an open incident is put on record as still met. */
export const seenMinutes = 30

/** Minutes after a refused permission before a second refusal counts, so that one bad answer blames nobody. */
export const lookAgainMinutes = 10

const shortestWaitSeconds = 30
const longestWaitSeconds = 15 * 60

/** Seconds that work waits while an incident is open: half its age, at least 30 seconds, at most 15 minutes. */
export const waitSeconds = (ageSeconds: number): number =>
  Math.min(longestWaitSeconds, Math.max(shortestWaitSeconds, Math.floor(ageSeconds / 2)))
