/** From what somebody typed to a request that can be issued. */
import {
  type Access,
  Account,
  Connection,
  given,
  type Invitation,
  Messages,
  Refusal,
  type Refused,
  Text
} from "@portolan/domain"
import { DateTime, Effect, Result, Schema } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { pageLimit } from "../../driven/Repository.ts"
import { membershipOf } from "../organizations/membershipOf.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import type { ContactInput, RequestInput } from "./requestDraft.ts"
import { requireConsentChannel } from "./requireConsentChannel.ts"

/**
 * The most requests for one connection that wait for an answer at the same time, so that nobody's mailbox is filled.
 */
export const openLimit = 5

/** The most requests for one connection within a day, whatever became of them. */
export const dayLimit = 20

/** The most characters of a person's own words in a request. */
export const messageLimit = 1000

const refused = (reason: Refused.Reason, detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("Invitation", "Issue", reason, { detail, nextStep })

const decodeName = Schema.decodeUnknownResult(Text.NameInput)
const decodeEmail = Schema.decodeUnknownResult(Text.EmailInput)

/** Reads a name and an address; `who` names that person in the sentence of a refusal. */
const contactFrom = Effect.fnUntraced(function* ({ email, name }: ContactInput, who: Messages.Message) {
  const named = decodeName(name)
  if (Result.isFailure(named)) {
    return yield* refused(
      "contradiction",
      Messages.say("request.name-unusable", { person: who }),
      Messages.say("request.one-line")
    )
  }
  const addressed = decodeEmail(email)
  if (Result.isFailure(addressed)) {
    return yield* refused(
      "contradiction",
      Messages.say("request.address-invalid", { person: who }),
      Messages.say("request.check-address")
    )
  }
  return { name: named.success, email: addressed.success }
})

const messageFrom = (message = ""): Effect.Effect<string | undefined, Refused.Refused> => {
  const text = message.trim()
  return text.length > messageLimit
    ? Effect.fail(
        refused(
          "contradiction",
          Messages.say("request.message-too-long", { limit: messageLimit }),
          Messages.say("request.shorten")
        )
      )
    : Effect.succeed(text === "" ? undefined : text)
}

/** Who asks: the person who is signed in, by their membership; otherwise the one whom the caller names (rule X-R3). */
export const requesterOf = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { actor, organizationId }: Access.Caller,
  named: ContactInput | undefined
) {
  if (actor._tag !== "Person") {
    if (named !== undefined) return yield* contactFrom(named, Messages.say("request.the-requester"))
    return yield* refused(
      "contradiction",
      Messages.say("request.key-without-mailbox"),
      Messages.say("request.name-requester")
    )
  }
  if (named !== undefined) {
    return yield* refused(
      "contradiction",
      Messages.say("request.own-name"),
      Messages.say("request.leave-requester-out")
    )
  }
  const member = yield* membershipOf(deps, organizationId, actor.personId)
  if (member === undefined) {
    return yield* refused(
      "not-permitted",
      Messages.say("request.not-a-member"),
      Messages.say("request.ask-for-invitation")
    )
  }
  return { name: Text.line(member.name, 120) || member.email, email: member.email }
})

/**
 * Everything of a request that does not depend on its id. Refuses what could never lead to a consent, and more requests
 * for one connection than the limits allow.
 */
export const validateRequest = Effect.fnUntraced(function* (
  deps: Deps<"deployment" | "repository">,
  caller: Access.Caller,
  { connectionId, marketplaceId, message, owner }: RequestInput,
  requester: Invitation.Request["requester"]
) {
  const { state: connection } = yield* AccessScope.connection(deps, caller, "connect", connectionId)
  const { state: account } = yield* deps.repository.find("account", caller.organizationId, connection.accountId)
  yield* Effect.fromResult(Account.inUse(account, "Invitation", "Issue"))
  yield* Effect.fromResult(Connection.inUse(connection, "Invitation", "Issue", yield* CurrentCatalogue))
  yield* requireConsentChannel(deps.deployment, connection)
  if (marketplaceId !== connection.marketplaceId) {
    return yield* refused(
      "contradiction",
      Messages.say("request.other-marketplace", { account: account.name }),
      Messages.say("request.choose-tile")
    )
  }
  yield* checkRequestLimits(deps, connection, account.name)
  const request: Invitation.Request = given({
    owner: yield* contactFrom(owner, Messages.say("link.the-owner")),
    requester,
    marketplaceId,
    message: yield* messageFrom(message)
  })
  return { connection, account, request }
})

const checkRequestLimits = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { id: connectionId, organizationId }: Pick<Connection.Present, "id" | "organizationId">,
  accountName: string
) {
  const { items } = yield* repository
    .invitations(organizationId, { connectionId, requests: true }, { limit: pageLimit })
    .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  const now = yield* DateTime.now
  const open = items.filter(({ _tag, expiresAt }) => _tag === "Open" && DateTime.isGreaterThan(expiresAt, now))
  if (open.length >= openLimit) {
    return yield* refused(
      "too-many",
      Messages.say("request.too-many-open", { limit: openLimit, account: accountName }),
      Messages.say("request.resend-or-withdraw")
    )
  }
  const yesterday = DateTime.subtract(now, { days: 1 })
  if (items.filter(({ issuedAt }) => DateTime.isGreaterThan(issuedAt, yesterday)).length >= dayLimit) {
    return yield* refused(
      "too-many",
      Messages.say("request.too-many-today", { limit: dayLimit, account: accountName }),
      Messages.say("request.wait-a-day")
    )
  }
})
