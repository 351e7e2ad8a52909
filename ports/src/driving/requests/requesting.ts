/**
 * From what somebody typed to a request that can be issued: judging the draft, naming the requester, and sealing a preview.
 * Not a conversation of its own.
 *
 * The token of a link hangs on its id, and the preview shows the link. Whoever could choose an id could therefore have the
 * link of somebody else's request shown to him. So ids are never taken from a caller: a preview gives a reference, made of
 * ids and a seal over them, the organization and the mails that were shown; only such a reference is taken back. A seal
 * that does not fit also means that the mail would read differently now, and then nothing is sent.
 */
import {
  type Access,
  Account,
  type Connection,
  Id,
  Invitation,
  type EmailMessage,
  Refused,
  Text
} from "@portolan/domain"
import { DateTime, Duration, Effect, Redacted, Result, Schema } from "effect"
import { Repository, pageLimit } from "../../driven/Repository.ts"
import { Deployment } from "../../driven/Deployment.ts"
import { Secrets } from "../../driven/Secrets.ts"
import { askable } from "./askable.ts"
import { makeAccessScope } from "../shared/reach.ts"
import type { Asked } from "./requestLetters.ts"

/** How long a preview can be sent. */
export const previewLife = Duration.hours(1)

/** The most requests for one connection that wait for an answer at the same time, so that nobody's mailbox is filled. */
export const openLimit = 5

/** The most requests for one connection within a day, whatever became of them. */
export const dayLimit = 20

/** The most characters of a person's own words in a request. */
export const messageLimit = 1000

/** Somebody as he was typed. */
export interface Typed {
  readonly name: string
  readonly email: string
}

/** What a request is made of. Everything is text as it was typed; what cannot be used is refused in words. */
export interface Draft {
  readonly connectionId: Id.ConnectionId
  readonly owner: Typed
  /** One of the account's marketplaces: the connection's own (rule X-R2). Named so that a wrong choice is noticed. */
  readonly marketplaceId: Connection.Present["marketplaceId"]
  readonly message?: string
  /** Who asks. A person asks in his own name and leaves it out; a key or an operator gives it. */
  readonly requester?: Typed
}

const refused = (reason: Refused.Reason, detail: string, nextStep: string) =>
  new Refused.Refused({ subject: "Invitation", asked: "Issue", reason, detail, nextStep })

const decodeName = Schema.decodeUnknownResult(Text.NameInput)
const decodeEmail = Schema.decodeUnknownResult(Text.EmailInput)

/** Reads somebody's name and address; `who` names him in a sentence. */
export const correspondent = (
  { email, name }: Typed,
  who: string
): Effect.Effect<Invitation.Request["owner"], Refused.Refused> => {
  const named = decodeName(name)
  if (Result.isFailure(named)) {
    return Effect.fail(
      refused(
        "contradiction",
        `The name of ${who} is empty, longer than 120 characters, or not plain text.`,
        "Type the name in one line."
      )
    )
  }
  const addressed = decodeEmail(email)
  return Result.isFailure(addressed)
    ? Effect.fail(
        refused(
          "contradiction",
          `The e-mail address of ${who} is not valid.`,
          "Check the address, e.g. name@example.com."
        )
      )
    : Effect.succeed({ name: named.success, email: addressed.success })
}

const messageOf = (message: string | undefined) => {
  const text = (message ?? "").slice(0, messageLimit + 1).trim()
  if ((message ?? "").trim().length > messageLimit) {
    return Effect.fail(refused("contradiction", `A message has at most ${messageLimit} characters.`, "Shorten it."))
  }
  return Effect.succeed(text === "" ? {} : { message: text })
}

/** Builds what sending and previewing share, once per service. */
export const makeRequesting = Effect.gen(function* () {
  const store = yield* Repository
  const secrets = yield* Secrets
  const deployment = yield* Deployment
  const accessScope = yield* makeAccessScope

  /** Who asks: the person who is signed in, by his membership; otherwise whoever the caller names (rule X-R3). */
  const requesterOf = Effect.fnUntraced(function* ({ actor, organizationId }: Access.Caller, given: Typed | undefined) {
    if (actor._tag !== "Person") {
      return given === undefined
        ? yield* refused(
            "contradiction",
            "A key has no mailbox, and a copy of every request goes to whoever asks.",
            "Give the name and the e-mail address of the person who asks."
          )
        : yield* correspondent(given, "the requester")
    }
    if (given !== undefined) {
      return yield* refused("contradiction", "A person asks in his own name.", "Leave the requester out.")
    }
    const member = (yield* store.memberships(actor.personId)).find((one) => one.organizationId === organizationId)
    if (member === undefined) {
      return yield* refused("not-permitted", "You are not a member of this organization.", "Ask to be invited to it.")
    }
    return { name: Text.line(member.name, 120) || member.email, email: member.email }
  })

  /** Everything of a draft that does not depend on ids and instants. Refuses what could never come to a consent. */
  const judged = Effect.fnUntraced(function* (
    caller: Access.Caller,
    draft: Draft,
    requester: Invitation.Request["requester"]
  ) {
    const { organizationId } = caller
    const { state: connection } = yield* accessScope.connection(caller, "connect", draft.connectionId)
    const { state: account } = yield* store.find("account", organizationId, connection.accountId)
    yield* Effect.fromResult(Account.inUse(account, "Invitation", "Issue"))
    yield* askable(deployment, connection)
    if (draft.marketplaceId !== connection.marketplaceId) {
      return yield* refused(
        "contradiction",
        `This connection of ${account.name} belongs to another marketplace.`,
        "Choose the tile of the marketplace that you mean; add the marketplace to the account when it has none."
      )
    }
    const { items } = yield* store
      .invitations(organizationId, { connectionId: connection.id, requests: true }, { limit: pageLimit })
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))
    const now = yield* DateTime.now
    if (
      items.filter(({ _tag, expiresAt }) => _tag === "Open" && DateTime.isGreaterThan(expiresAt, now)).length >=
      openLimit
    ) {
      return yield* refused(
        "too-many",
        `${openLimit} requests for ${account.name} wait for an answer already.`,
        "Send one of them again, or withdraw one first."
      )
    }
    const yesterday = DateTime.subtract(now, { days: 1 })
    if (items.filter(({ issuedAt }) => DateTime.isGreaterThan(issuedAt, yesterday)).length >= dayLimit) {
      return yield* refused(
        "too-many",
        `${dayLimit} requests for ${account.name} were made within a day.`,
        "Wait until tomorrow."
      )
    }
    return {
      connection,
      account,
      request: {
        owner: yield* correspondent(draft.owner, "the owner"),
        requester,
        marketplaceId: draft.marketplaceId,
        ...(yield* messageOf(draft.message))
      } satisfies Invitation.Request
    }
  })

  /** A request as it will be on record. When it ends hangs on its id, so that a preview names the same minute. */
  const asked = (
    id: Id.InvitationId,
    { connection, request }: { readonly connection: Connection.Present; readonly request: Invitation.Request }
  ): Asked => ({
    id,
    organizationId: connection.organizationId,
    companyId: connection.companyId,
    accountId: connection.accountId,
    connectionId: connection.id,
    channel: connection.channel,
    request,
    expiresAt: DateTime.addDuration(DateTime.makeUnsafe(Id.millis(id)), Invitation.lifetime.standard)
  })

  const sealOf = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    ids: ReadonlyArray<string>,
    emailMessages: ReadonlyArray<EmailMessage.EmailMessage>
  ) {
    const digest = yield* secrets.digest(
      Redacted.make(JSON.stringify(emailMessages.map(({ html, subject, text }) => [subject, text, html])))
    )
    return Redacted.value(yield* secrets.derive("preview", [organizationId, ...ids, digest].join("/")))
  })

  /** New ids for a preview, or for what is sent without one. */
  const freshIds = (count: number) => Effect.all(Array.from({ length: count }, () => secrets.id("invitation")))

  const referenceOf = (
    organizationId: Id.OrganizationId,
    ids: ReadonlyArray<Id.InvitationId>,
    emailMessages: ReadonlyArray<EmailMessage.EmailMessage>
  ) => Effect.map(sealOf(organizationId, ids, emailMessages), (seal) => [...ids, seal].join("."))

  const notThis = refused(
    "contradiction",
    "This reference does not come from a preview of yours.",
    "Make a new preview, or send without one."
  )
  const isId = Schema.is(Id.InvitationId)

  /** The ids of a reference, before its seal is judged. */
  const idsOf = Effect.fnUntraced(function* (reference: string, count: number) {
    const ids = reference.slice(0, 8_000).split(".").slice(0, -1)
    return ids.length === count && ids.every(isId) ? ids : yield* notThis
  })

  /** Succeeds when exactly these mails were shown to this organization, within the last hour. */
  const sealed = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    reference: string,
    ids: ReadonlyArray<Id.InvitationId>,
    emailMessages: ReadonlyArray<EmailMessage.EmailMessage>
  ) {
    const seal = yield* sealOf(organizationId, ids, emailMessages)
    if (reference !== [...ids, seal].join(".")) {
      return yield* refused(
        "contradiction",
        "The mail would read differently from what was shown in the preview.",
        "Look at the preview again, then send."
      )
    }
    const shownAt = DateTime.makeUnsafe(Math.max(...ids.map(Id.millis)))
    if (DateTime.isGreaterThan(yield* DateTime.now, DateTime.addDuration(shownAt, previewLife))) {
      return yield* refused(
        "expired",
        "This preview is more than an hour old.",
        "Look at the preview again, then send."
      )
    }
  })

  return { asked, freshIds, idsOf, judged, referenceOf, requesterOf, sealed }
})
