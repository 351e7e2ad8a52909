/**
 * Showing a consolidation plan to people who have no sign-in here (flow F4): an address that works for 30 days and
 * shows the plan and nothing else. A new round replaces the one before, whose address then shows nothing. The address
 * itself is derived from the consolidation and the round, and is stored nowhere.
 *
 * A part of the consolidation's machine: `decide` and `evolve` work on the share alone.
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Actor } from "../kernel/Actor.ts"
import { type Decision, happened, nothing } from "../kernel/Machine.ts"
import { Email, Name } from "../kernel/Text.ts"
import { say } from "../messages/Messages.ts"
import { refuse } from "../messages/Refusal.ts"

/** Days for which an address shows the plan. */
export const shareDays = 30
/** The most mails of one round; a limit of this product. */
export const mailLimit = 20

/** One mail with the address. `number` counts the mails of a round from 1. */
export const PlanMail = Schema.Struct({
  number: Schema.Int,
  to: Email,
  name: Schema.optionalKey(Name),
  message: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(1000))),
  by: Actor,
  at: Schema.DateTimeUtc
})
export type PlanMail = typeof PlanMail.Type

/** The latest address: its round, who shared it, its end, and the emails with it. */
export const Share = Schema.Struct({
  round: Schema.Int,
  sharedBy: Actor,
  sharedAt: Schema.DateTimeUtc,
  expiresAt: Schema.DateTimeUtc,
  withdrawnAt: Schema.optionalKey(Schema.DateTimeUtc),
  mails: Schema.Array(PlanMail)
})
export type Share = typeof Share.Type

/** The events, as fields of the consolidation's own. */
export const events = {
  PlanShared: { round: Schema.Int, by: Actor, at: Schema.DateTimeUtc, expiresAt: Schema.DateTimeUtc },
  PlanShareWithdrawn: { round: Schema.Int, by: Actor, at: Schema.DateTimeUtc },
  PlanMailed: { round: Schema.Int, mail: PlanMail }
} as const
/** What happened to the address. */
export const Event = Schema.TaggedUnion(events)
export type Event = typeof Event.Type

/**
 * What can be asked. `round` and `number` are the next ones as the caller read them, so that a repeat changes nothing.
 */
export type Command =
  | { readonly _tag: "Share"; readonly round: number; readonly by: Actor; readonly at: DateTime.Utc }
  | { readonly _tag: "WithdrawShare"; readonly round: number; readonly by: Actor; readonly at: DateTime.Utc }
  | { readonly _tag: "MailPlan"; readonly round: number; readonly mail: PlanMail }

const subject = "Consolidation"

/** Whether an address of this round shows the plan at this instant. */
export const isLive = (share: Share | undefined, round: number, now: DateTime.Utc): boolean =>
  share !== undefined &&
  share.round === round &&
  share.withdrawnAt === undefined &&
  DateTime.isLessThan(now, share.expiresAt)

const notShared = (command: string, at: DateTime.Utc, share: Share | undefined) => {
  const nextStep = say("plan.share-anew")
  if (share === undefined) {
    return refuse(subject, command, "does-not-exist", { detail: say("plan.not-shared"), nextStep })
  }
  const reason = DateTime.isLessThan(at, share.expiresAt) ? "revoked" : "expired"
  return refuse(subject, command, reason, { detail: say("plan.address-stale"), nextStep })
}

const wasMailed = ({ mails }: Share, { number }: PlanMail): boolean =>
  number <= mails.length || mails.some((mail) => mail.number === number)

/** Decides what a command about the address leads to. */
export const decide = (share: Share | undefined, command: Command): Decision<Event> => {
  switch (command._tag) {
    case "Share": {
      const { at, by, round } = command
      if (share?.round === round) return nothing
      return round === (share?.round ?? 0) + 1
        ? happened<Event>({ _tag: "PlanShared", round, by, at, expiresAt: DateTime.add(at, { days: shareDays }) })
        : refuse(subject, "Share", "not-possible-now", {
            detail: say("plan.shared-meanwhile"),
            nextStep: say("plan.look-at-address")
          })
    }
    case "WithdrawShare": {
      const { at, by, round } = command
      return share === undefined || share.round !== round || share.withdrawnAt !== undefined
        ? nothing
        : happened<Event>({ _tag: "PlanShareWithdrawn", round, by, at })
    }
    case "MailPlan": {
      const { mail, round } = command
      if (share === undefined || !isLive(share, round, mail.at)) return notShared("MailPlan", mail.at, share)
      if (wasMailed(share, mail)) return nothing
      return share.mails.length >= mailLimit
        ? refuse(subject, "MailPlan", "too-many", {
            detail: say("plan.mailed-too-often", { times: mailLimit }),
            nextStep: say("plan.share-or-send")
          })
        : happened<Event>({ _tag: "PlanMailed", round, mail })
    }
  }
}

/** Applies a fact about the address. Total: a fact about another round changes nothing. */
export const evolve = (share: Share | undefined, event: Event): Share | undefined => {
  switch (event._tag) {
    case "PlanShared":
      if (share !== undefined && event.round <= share.round) return share
      return { round: event.round, sharedBy: event.by, sharedAt: event.at, expiresAt: event.expiresAt, mails: [] }
    case "PlanShareWithdrawn":
      return share?.round === event.round ? { ...share, withdrawnAt: event.at } : share
    case "PlanMailed":
      return share?.round === event.round && !wasMailed(share, event.mail)
        ? { ...share, mails: [...share.mails, event.mail] }
        : share
  }
}
