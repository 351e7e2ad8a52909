/** From what somebody typed to a request that can be issued. */
import { type Access, Account, type Connection, given, type Invitation, Refused, Text } from "@portolan/domain"
import { DateTime, Effect, Result, Schema } from "effect"
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

const refused = (reason: Refused.Reason, detail: string, nextStep: string) =>
  new Refused.Refused({ subject: "Invitation", asked: "Issue", reason, detail, nextStep })

const decodeName = Schema.decodeUnknownResult(Text.NameInput)
const decodeEmail = Schema.decodeUnknownResult(Text.EmailInput)

/** Reads a name and an address; `who` names that person in the sentence of a refusal. */
const contactFrom = Effect.fnUntraced(function* ({ email, name }: ContactInput, who: string) {
  const named = decodeName(name)
  if (Result.isFailure(named)) {
    return yield* refused(
      "contradiction",
      `The name of ${who} is empty, longer than 120 characters, or not plain text.`,
      "Type the name in one line."
    )
  }
  const addressed = decodeEmail(email)
  if (Result.isFailure(addressed)) {
    return yield* refused(
      "contradiction",
      `The e-mail address of ${who} is not valid.`,
      "Check the address, e.g. name@example.com."
    )
  }
  return { name: named.success, email: addressed.success }
})

const messageFrom = (message = ""): Effect.Effect<string | undefined, Refused.Refused> => {
  const text = message.trim()
  return text.length > messageLimit
    ? Effect.fail(refused("contradiction", `A message has at most ${messageLimit} characters.`, "Shorten it."))
    : Effect.succeed(text === "" ? undefined : text)
}

/** Who asks: the person who is signed in, by their membership; otherwise the one whom the caller names (rule X-R3). */
export const requesterOf = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { actor, organizationId }: Access.Caller,
  named: ContactInput | undefined
) {
  if (actor._tag !== "Person") {
    if (named !== undefined) return yield* contactFrom(named, "the requester")
    return yield* refused(
      "contradiction",
      "A key has no mailbox, and a copy of every request goes to whoever asks.",
      "Give the name and the e-mail address of the person who asks."
    )
  }
  if (named !== undefined) {
    return yield* refused("contradiction", "A person asks in their own name.", "Leave the requester out.")
  }
  const member = yield* membershipOf(deps, organizationId, actor.personId)
  if (member === undefined) {
    return yield* refused("not-permitted", "You are not a member of this organization.", "Ask to be invited to it.")
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
  yield* requireConsentChannel(deps.deployment, connection)
  if (marketplaceId !== connection.marketplaceId) {
    return yield* refused(
      "contradiction",
      `This connection of ${account.name} belongs to another marketplace.`,
      "Choose the tile of the marketplace that you mean; add the marketplace to the account when it has none."
    )
  }
  yield* checkRequestLimits(deps, connection, account.name)
  const request: Invitation.Request = given({
    owner: yield* contactFrom(owner, "the owner"),
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
      `${openLimit} requests for ${accountName} wait for an answer already.`,
      "Send one of them again, or withdraw one first."
    )
  }
  const yesterday = DateTime.subtract(now, { days: 1 })
  if (items.filter(({ issuedAt }) => DateTime.isGreaterThan(issuedAt, yesterday)).length >= dayLimit) {
    return yield* refused(
      "too-many",
      `${dayLimit} requests for ${accountName} were made within a day.`,
      "Wait until tomorrow."
    )
  }
})
