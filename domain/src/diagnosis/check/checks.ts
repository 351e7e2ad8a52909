/** The checks themselves: one row each, in terms that fit every provider. */
import * as Duration from "effect/Duration"
import type { MustAct } from "../../kernel/MustAct.ts"
import { text } from "../../messages/Messages.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import type { Channel } from "../../providers/Channel.ts"
import type { CheckId } from "../CheckId.ts"

/** A check before anything is known. */
export interface Check {
  readonly id: CheckId
  /** A statement that is true when the check passes. */
  readonly title: string
  /** The same as a question to a person, answered with yes or no. */
  readonly question: string
  /** Who can answer: the provider, the settings of this product, or only a person. */
  readonly source: "provider" | "settings" | "person"
  /** Who can correct it. */
  readonly mustAct: MustAct
  /** Why it is needed, in one sentence. */
  readonly why: string
  /** What to do when it does not hold. */
  readonly remedy: string
  /** What a failure looks like, in one sentence. */
  readonly failure: string
  /** How long after a failure the software looks again by itself. Absent: it changes only when a person acts. */
  readonly lookAgainAfter?: Duration.Duration
}

/** How long until the first look, or until the next one when the provider gave no answer. */
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
