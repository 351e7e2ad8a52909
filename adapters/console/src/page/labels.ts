/** Short names that pages show, and the tone of each status. */
import {
  AccountType,
  type Aggregate,
  Channel,
  DataClass,
  Evidence,
  type Grant,
  Marketplace,
  Messages,
  type MustAct,
  type Progress,
  Provider,
  Region
} from "@portolan/domain"
import { type DateTime, Option } from "effect"

/** The tones of badges and notices. Each has a shape beside its colour, so that colour never speaks alone. */
export type Tone = "good" | "wait" | "act" | "idle" | "info"

const tones: { readonly [S in Evidence.Status]: Tone } = {
  "not-connected": "idle",
  "awaiting-selection": "wait",
  "awaiting-access": "wait",
  connected: "good",
  limited: "wait",
  paused: "idle",
  "reauthorization-needed": "act",
  disconnected: "idle",
  withdrawn: "idle"
}

const unwell = { late: "wait", stalled: "act" } as const

/** The tone of a connection's status; late data are part of it. */
export const toneOf = ({ health, status }: Pick<Evidence.Evidence, "health" | "status">): Tone =>
  health === undefined ? tones[status] : unwell[health]

/** The tone of an authorization. */
export const authorizationTone = (authorization: Aggregate.Present<"authorization">): Tone => {
  switch (authorization._tag) {
    case "Started":
    case "Exchanging":
      return "info"
    case "AwaitingSelection":
      return "wait"
    case "Finalised":
      return "good"
    case "Dismissed":
      return "idle"
    case "Declined":
    case "Expired":
      return "wait"
    case "Failed":
      return "act"
  }
}

/** What became of an authorization, as the heading of its page; why stands below it. */
export const authorizationHeading: { readonly [T in Aggregate.Present<"authorization">["_tag"]]: string } = {
  Started: Messages.text("authorization-heading.started"),
  Exchanging: Messages.text("authorization-heading.exchanging"),
  AwaitingSelection: Messages.text("authorization-heading.awaiting-selection"),
  Finalised: Messages.text("page.account-connected"),
  Declined: Messages.text("authorization-heading.declined"),
  Failed: Messages.text("authorization-heading.failed"),
  Expired: Messages.text("authorization-heading.expired"),
  Dismissed: Messages.text("authorization-heading.dismissed")
}

/** When an authorization came to where it is. */
export const cameAt = (authorization: Aggregate.Present<"authorization">): DateTime.Utc => {
  switch (authorization._tag) {
    case "Started":
      return authorization.startedAt
    case "Exchanging":
      return authorization.returnedAt
    case "AwaitingSelection":
      return authorization.consentedAt
    case "Finalised":
      return authorization.finalisedAt
    case "Declined":
      return authorization.declinedAt
    case "Failed":
      return authorization.failedAt
    case "Expired":
      return authorization.expiredAt
    case "Dismissed":
      return authorization.dismissedAt
  }
}

/** Who has to act, said to a member. */
export const mustAct: { readonly [M in MustAct.MustAct]: string } = {
  nobody: Messages.text("must-act.nobody"),
  member: Messages.text("must-act.member"),
  "account-owner": Messages.text("must-act.account-owner"),
  operator: Messages.text("page.operator")
}

/** The company behind a channel, as a button names it. */
export const providerName = (channel: Channel.Channel): string => Channel.providerLabel(channel)

/** A channel in few words, for tiles. */
export const shortChannel = (channel: Channel.Channel): string => Channel.shortLabel(channel)

/** What a channel is for, in one line. */
export const channelPurpose = (channel: Channel.Channel, accountType: AccountType.AccountType): string =>
  Channel.purposeFor(channel, accountType)

/** A region as a person calls it. */
export const regionName = (region: Region.Region): string => Region.label(region)

/** A marketplace in words, e.g. `Amazon United States`; its id when no catalogue has it. */
export const marketplaceName = (id: Marketplace.MarketplaceId): string =>
  Option.match(Marketplace.find(id), {
    onNone: () => id,
    onSome: ({ country, provider }) => `${Provider.label(provider)} ${country}`
  })

/** An account type with what it means. */
export const accountTypeHint = (type: AccountType.AccountType): string => AccountType.hint(type)

/** The status of the load of a data class, in words. */
export const loadStatus: {
  readonly [S in Progress.ClassProgress["status"]]: { readonly label: string; readonly tone: Tone }
} = {
  "on-time": { label: Messages.text("load-status.on-time"), tone: "info" },
  done: { label: Messages.text("load-status.done"), tone: "good" },
  overdue: { label: Messages.text("load-status.overdue"), tone: "act" },
  "action-needed": { label: Messages.text("load-status.action-needed"), tone: "act" }
}

/** A data class by name. */
export const dataClass = (name: DataClass.DataClass): string => DataClass.label(name)

/** Why a consent is over. */
export const grantEnd = (end: Grant.End): string => Messages.render(Evidence.grantEndOf(end))

/** The country of a marketplace, as people read it. */
export const countryOf = (id: Marketplace.MarketplaceId): string =>
  Option.match(Marketplace.find(id), { onNone: () => id, onSome: ({ country }) => country })
