/** What the commands of a link lead to. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import { decider, happened, isRepeat, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import { impossible, refuse } from "../../messages/Refusal.ts"
import {
  type Command,
  Event,
  type Open,
  State,
  attemptLimit,
  attemptsOf,
  bounceTo,
  lifetime,
  mailLimit,
  objectionHours,
  reminderHours
} from "./state.ts"

const subject = "Invitation"
const askSender = say("link.ask-sender")

const withoutRequest = (command: string) =>
  refuse(subject, command, "contradiction", { detail: say("link.without-request"), nextStep: say("link.copy-address") })

const used = (command: string) =>
  refuse(subject, command, "already-used", { detail: say("link.used"), nextStep: askSender })
const revoked = (command: string) =>
  refuse(subject, command, "revoked", { detail: say("link.withdrawn"), nextStep: askSender })
const expired = (command: string) =>
  refuse(subject, command, "expired", { detail: say("link.expired"), nextStep: askSender })

/** Whether an open request is brought to its owner's mind: near its own end, or whenever the consent it renews ends. */
const isToRemind = (state: Open, at: DateTime.Utc): boolean => {
  const { expiresAt, mailedAt, mails, objection, request } = state
  if (request === undefined || request.carriedBy !== undefined || objection !== undefined) return false
  if (bounceTo(state, "owner") !== undefined || isRepeat(at, mailedAt) || mails >= mailLimit) return false
  if (DateTime.isGreaterThanOrEqualTo(at, expiresAt)) return false
  const nearEnd = DateTime.subtract(expiresAt, { hours: reminderHours })
  return request.renews !== undefined || DateTime.isGreaterThanOrEqualTo(at, nearEnd)
}

/** Decides what a link's command leads to. `Used`, `Revoked` and `Expired` are terminal. */
export const decide = decider<State, Command, Event>(
  {
    Absent: {
      Issue: (_, { link }) => {
        const life = DateTime.distance(link.issuedAt, link.expiresAt)
        const lives =
          Duration.isGreaterThanOrEqualTo(life, lifetime.shortest) &&
          Duration.isLessThanOrEqualTo(life, lifetime.longest) &&
          DateTime.isGreaterThan(link.expiresAt, link.issuedAt)
        return lives
          ? happened<Event>({ _tag: "LinkIssued", ...link })
          : refuse(subject, "Issue", "contradiction", {
              detail: say("link.lifetime"),
              nextStep: say("link.choose-expiry")
            })
      }
    },
    Open: {
      Issue: () =>
        refuse(subject, "Issue", "already-exists", {
          detail: say("link.exists"),
          nextStep: say("link.create-another")
        }),
      Follow: (state, { at, authorizationId }) => {
        if (attemptsOf(state).some((attempt) => attempt.authorizationId === authorizationId)) return nothing
        if (DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)) return expired("Follow")
        if (state.attempts >= attemptLimit) {
          return refuse(subject, "Follow", "too-many", { detail: say("link.followed-too-often"), nextStep: askSender })
        }
        return happened<Event>({ _tag: "LinkFollowed", authorizationId, at })
      },
      EndAttempt: (state, { at, authorizationId, outcome }) =>
        attemptsOf(state).some((one) => one.authorizationId === authorizationId && one.outcome === undefined)
          ? happened<Event>({ _tag: "LinkAttemptEnded", authorizationId, outcome, at })
          : nothing,
      Use: (state, { at, authorizationId }) =>
        DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)
          ? expired("Use")
          : happened<Event>({ _tag: "LinkUsed", authorizationId, at }),
      MailAgain: (state, { at }) => {
        if (state.request === undefined) return withoutRequest("MailAgain")
        // Otherwise an email could carry a link that is over, or make a link usable again after its owner read that it
        // is over.
        if (DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)) {
          return refuse(subject, "MailAgain", "expired", {
            detail: say("request.expired"),
            nextStep: say("request.send-new")
          })
        }
        if (isRepeat(at, state.mailedAt)) return nothing
        if (state.mails >= mailLimit) {
          return refuse(subject, "MailAgain", "too-many", {
            detail: say("request.mailed-too-often", { times: mailLimit }),
            nextStep: say("request.check-before-another")
          })
        }
        const life = DateTime.distance(state.issuedAt, state.firstExpiresAt ?? state.expiresAt)
        const longest = DateTime.addDuration(state.issuedAt, lifetime.longest)
        return happened<Event>({
          _tag: "RequestMailedAgain",
          at,
          expiresAt: DateTime.max(state.expiresAt, DateTime.min(DateTime.addDuration(at, life), longest))
        })
      },
      Remind: (state, { at }) => {
        if (!isToRemind(state, at)) return nothing
        const renews = state.request?.renews === undefined ? {} : { renews: true as const }
        return happened<Event>({ _tag: "RequestReminded", at, ...renews })
      },
      Object: (state, { at, because }) => {
        if (state.request === undefined) return withoutRequest("Object")
        // Reported once for each mailing, and at most daily when somebody followed it since, so that nobody can fill
        // the requester's mailbox by pressing buttons.
        return state.objection !== undefined ||
          (state.objectedAt !== undefined &&
            DateTime.isLessThan(at, DateTime.add(state.objectedAt, { hours: objectionHours })))
          ? nothing
          : happened<Event>({ _tag: "RequestObjected", because, at })
      },
      Bounce: (state, { at, reason, to }) =>
        state.request === undefined || bounceTo(state, to) !== undefined
          ? nothing
          : happened<Event>({ _tag: "RequestBounced", to, reason, at }),
      Revoke: (_, { at, by }) => happened<Event>({ _tag: "LinkRevoked", at, by }),
      Expire: (state, { at }) =>
        DateTime.isGreaterThanOrEqualTo(at, state.expiresAt) ? happened<Event>({ _tag: "LinkExpired", at }) : nothing
    },
    Used: {
      Issue: () => used("Issue"),
      Follow: () => used("Follow"),
      MailAgain: () => used("MailAgain"),
      Object: () => used("Object"),
      EndAttempt: () => nothing,
      Expire: () => nothing,
      Remind: () => nothing,
      Bounce: () => nothing,
      Use: (state, { authorizationId }) => (state.authorizationId === authorizationId ? nothing : used("Use")),
      Revoke: () =>
        refuse(subject, "Revoke", "already-used", {
          detail: say("link.used"),
          nextStep: say("link.dismiss-authorization")
        })
    },
    Revoked: {
      Issue: () => revoked("Issue"),
      Follow: () => revoked("Follow"),
      Use: () => revoked("Use"),
      MailAgain: () => revoked("MailAgain"),
      Object: () => revoked("Object"),
      Remind: () => nothing,
      Bounce: () => nothing,
      EndAttempt: () => nothing,
      Expire: () => nothing,
      Revoke: () => nothing
    },
    Expired: {
      Issue: () => expired("Issue"),
      Follow: () => expired("Follow"),
      Use: () => expired("Use"),
      MailAgain: () => expired("MailAgain"),
      Object: () => expired("Object"),
      Remind: () => nothing,
      Bounce: () => nothing,
      EndAttempt: () => nothing,
      Expire: () => nothing,
      Revoke: () => nothing
    }
  },
  impossible(subject, {
    Absent: say("link.create-first"),
    Open: say("link.send"),
    Used: say("link.create-new"),
    Revoked: say("link.create-new"),
    Expired: say("link.create-new")
  })
)
