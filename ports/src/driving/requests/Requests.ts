/**
 * The conversation about requests to connect (flow F5; rules X-R1 to X-R5): a member asks the owner of a seller account by
 * mail, sees before what the mail will say, sends it again or withdraws it, and learns what became of it. The owner answers
 * without an account here: he follows the link (`AuthLinks.follow`), or says that he is not the one who can.
 *
 * A renewal campaign is the same for many connections at once, in one mail an owner (rules X-R13, X-R14). Renewing keeps
 * account, profile and history; only the consent is new (rule C10).
 */
import {
  Access,
  type Actor,
  Channel,
  Connection,
  Evidence,
  type Id,
  type Invitation,
  EmailMessage,
  Postage,
  Refused
} from "@portolan/domain"
import { Context, DateTime, Effect, Layer, type Redacted } from "effect"
import {
  type ConnectionFilter,
  Repository,
  type InvalidCursor,
  NotFound,
  type Page,
  type PageRequest,
  type Versioned
} from "../../driven/Repository.ts"
import { Deployment, offers } from "../../driven/Deployment.ts"
import { Secrets } from "../../driven/Secrets.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError } from "../../driven/UnitOfWork.ts"
import { decide, makeCommit, onConflictAgain } from "../shared/change.ts"
import type { ChangeError } from "../accounts/Companies.ts"
import { makeIdempotency, type IdempotencyKey, idempotencyRecord } from "../shared/creating.ts"
import { makePostage } from "./postage.ts"
import { makeAccessScope } from "../shared/reach.ts"
import { type Asked, makeRequestEmails } from "./requestLetters.ts"
import { type Draft, makeRequesting, type Typed } from "./requesting.ts"

export { dayLimit, type Draft, messageLimit, openLimit, previewLife, type Typed } from "./requesting.ts"

/** A link that is a request to connect. */
export type RequestLink = Invitation.Present & { readonly request: Invitation.Request }

/** A request with how it stands. */
export interface RequestView {
  readonly link: RequestLink
  readonly standing: Evidence.Outcome
  readonly companyName: string
  readonly accountName: string
}

/** What is going to be sent, and to whom. */
export interface Preview {
  /** Hand it to `send`, and exactly this mail is sent. Good for an hour, and for one request. */
  readonly reference: string
  /** The id the request will have. */
  readonly id: Id.InvitationId
  readonly expiresAt: DateTime.Utc
  /** Both get the same letter (rule X-R3). */
  readonly to: { readonly owner: Invitation.Request["owner"]; readonly requester: Invitation.Request["requester"] }
  readonly emailMessage: EmailMessage.EmailMessage
}

/** A draft that is to be sent. */
export interface Sending extends Draft {
  /** Of the preview that was looked at. */
  readonly reference?: string
}

/** Whom to ask for which connections. */
export interface Campaign {
  readonly items: ReadonlyArray<{ readonly connectionId: Id.ConnectionId; readonly owner: Typed }>
  readonly message?: string
  readonly requester?: Typed
}

/** The most connections of one campaign. */
export const campaignLimit = 100

/** One mail of a campaign. */
export interface CampaignMail {
  readonly to: Invitation.Request["owner"]
  readonly connectionIds: ReadonlyArray<Id.ConnectionId>
  readonly emailMessage: EmailMessage.EmailMessage
}

/** What a campaign is going to send: each owner's mail, which the requester gets a copy of. */
export interface CampaignPreview {
  readonly reference: string
  readonly requester: Invitation.Request["requester"]
  readonly mails: ReadonlyArray<CampaignMail>
}

/** A connection whose consent ends, and whom to ask for a new one. */
export interface Renewable {
  readonly connection: Connection.Linked
  readonly expiresAt: DateTime.Utc
  readonly companyName: string
  readonly accountName: string
  /** Who was asked for this connection the last time. */
  readonly owner?: Invitation.Request["owner"]
  /** A request that waits for its answer. */
  readonly openRequest?: Id.InvitationId
}

/** Asks owners to connect. */
export class Requests extends Context.Service<
  Requests,
  {
    /** What would be sent. Writes nothing. */
    readonly preview: (
      caller: Access.Caller,
      draft: Draft
    ) => Effect.Effect<Preview, Refused.Refused | NotFound | StoreUnavailable>

    /**
     * Sends a request to both sides. With the reference of a preview it sends what was shown or, when that would read
     * differently by now, nothing; sent twice, it is sent once. Refused for channels that no person's consent opens, and beyond
     * the organization's daily number of letters (`Postage`).
     */
    readonly send: (
      caller: Access.Caller,
      sending: Sending,
      idempotencyKey?: IdempotencyKey
    ) => Effect.Effect<RequestView, ChangeError>

    /** Lists requests, the youngest first. */
    readonly list: (
      caller: Access.Caller,
      filter: { readonly states?: ReadonlyArray<Invitation.Present["_tag"]>; readonly connectionId?: Id.ConnectionId },
      page: PageRequest
    ) => Effect.Effect<Page<RequestView>, Refused.Refused | NotFound | InvalidCursor | StoreUnavailable>

    /** Reads one request. */
    readonly view: (
      caller: Access.Caller,
      id: Id.InvitationId
    ) => Effect.Effect<RequestView, Refused.Refused | NotFound | StoreUnavailable>

    /** Mails a request to its owner once more and lets it live on, at most as long as any link lives. Limited in number. */
    readonly mailAgain: (caller: Access.Caller, id: Id.InvitationId) => Effect.Effect<RequestView, ChangeError>

    /** Withdraws a request at once; the owner is told, and whoever is at the provider with it is told on return. */
    readonly revoke: (caller: Access.Caller, id: Id.InvitationId) => Effect.Effect<RequestView, ChangeError>

    /** The person who got the mail says that he cannot help; the requester is told (rule X-R1). The link stays usable. */
    readonly object: (
      token: Redacted.Redacted<string>,
      because: Invitation.Objection
    ) => Effect.Effect<void, Refused.Refused | NotFound | CommitError>

    /** Lists connections whose consent ends before an instant, with whom to ask for a new one. */
    readonly renewable: (
      caller: Access.Caller,
      filter: { readonly expiresBefore: DateTime.Utc } & Pick<
        ConnectionFilter,
        "companyId" | "channel" | "marketplaceId"
      >,
      page: PageRequest
    ) => Effect.Effect<Page<Renewable>, Refused.Refused | NotFound | InvalidCursor | StoreUnavailable>

    /** What a campaign would send. Writes nothing. */
    readonly previewCampaign: (
      caller: Access.Caller,
      campaign: Campaign
    ) => Effect.Effect<CampaignPreview, Refused.Refused | NotFound | StoreUnavailable>

    /** Sends a campaign, all of it or nothing: a request for each connection, a mail for each owner. */
    readonly campaign: (
      caller: Access.Caller,
      campaign: Campaign & { readonly reference?: string },
      idempotencyKey?: IdempotencyKey
    ) => Effect.Effect<ReadonlyArray<RequestView>, ChangeError>
  }
>()("@portolan/ports/driving/Requests") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Requests,
    Effect.gen(function* () {
      const store = yield* Repository
      const secrets = yield* Secrets
      const deployment = yield* Deployment
      const commit = yield* makeCommit
      const withIdempotency = yield* makeIdempotency
      const accessScope = yield* makeAccessScope
      const emailMessages = yield* makeRequestEmails
      const postage = yield* makePostage
      const requesting = yield* makeRequesting

      const viewOf = Effect.fnUntraced(function* (link: Invitation.Present) {
        if (link.request === undefined) return yield* new NotFound({ kind: "request", id: link.id })
        const { state: company } = yield* store.find("company", link.organizationId, link.companyId)
        const { state: account } = yield* store.find("account", link.organizationId, link.accountId)
        return {
          link: { ...link, request: link.request },
          standing: Evidence.ofInvitation(link, yield* DateTime.now),
          companyName: company.name,
          accountName: account.name
        } satisfies RequestView
      })

      const found = (caller: Access.Caller, id: string) =>
        Effect.flatMap(accessScope.invitation(caller, "read", id), ({ state }) => viewOf(state))

      /** What puts a request on record. */
      const issue = Effect.fnUntraced(function* ({ actor }: Access.Caller, asked: Asked, at: DateTime.Utc) {
        const tokenDigest = yield* Effect.flatMap(emailMessages.tokenOf(asked.id), secrets.digest)
        return yield* Effect.fromResult(
          decide("invitation", asked.id, undefined, {
            _tag: "Issue",
            link: { ...asked, tokenDigest, issuedBy: actor, issuedAt: at }
          })
        )
      })

      /** What a reference stands for was sent before, by an earlier press of the same button. */
      const sentBefore = (caller: Access.Caller, id: string) =>
        Effect.map(store.find("invitation", caller.organizationId, id), () => true).pipe(
          Effect.catchTag("NotFound", () => Effect.succeed(false))
        )

      /** Puts requests on record under the ids of a reference, once; two presses at once come to the same. */
      const recording = <E>(
        caller: Access.Caller,
        ids: ReadonlyArray<string>,
        record: Effect.Effect<string, E | CommitError>
      ) =>
        onConflictAgain(
          Effect.gen(function* () {
            const [first] = ids
            if (first === undefined) return yield* record
            if (yield* sentBefore(caller, first)) return ids.join(".")
            return yield* Effect.catch(record, (error) =>
              Effect.flatMap(sentBefore(caller, first), (before) =>
                before ? Effect.succeed(ids.join(".")) : Effect.fail(error)
              )
            )
          })
        )

      const ownedBy = (caller: Access.Caller, read: Versioned<Invitation.Present>) =>
        read.state.request === undefined
          ? Effect.fail(new NotFound({ kind: "request", id: read.state.id }))
          : Effect.succeed(caller)

      /** Decides one command on a request and commits it. */
      const change = (
        caller: Access.Caller,
        id: Id.InvitationId,
        command: (at: DateTime.Utc, by: Actor.Actor) => Invitation.Command
      ) =>
        onConflictAgain(
          Effect.gen(function* () {
            const read: Versioned<Invitation.Present> = yield* accessScope.invitation(caller, "connect", id)
            const { actor, organizationId } = yield* ownedBy(caller, read)
            const at = yield* DateTime.now
            const decided = yield* Effect.fromResult(decide("invitation", id, read, command(at, actor)))
            const mailed =
              decided.events.some(Postage.repeats) && read.state.request !== undefined
                ? [{ to: read.state.request.owner.email }]
                : []
            yield* commit({ organizationId, actor, at }, [decided, ...(yield* postage.pay(organizationId, mailed))])
            return yield* viewOf(decided.next._tag === "Absent" ? read.state : decided.next)
          })
        )

      const composed = Effect.fnUntraced(function* (caller: Access.Caller, draft: Draft, id: Id.InvitationId) {
        yield* Effect.fromResult(Access.check(caller, "connect"))
        const requester = yield* requesting.requesterOf(caller, draft.requester)
        const asked = requesting.asked(id, yield* requesting.judged(caller, draft, requester))
        return { asked, emailMessage: yield* emailMessages.ask([asked], "asked") }
      })

      const preview = Effect.fn("Requests.preview")(function* (caller: Access.Caller, draft: Draft) {
        const id = yield* secrets.id("invitation")
        const { asked, emailMessage } = yield* composed(caller, draft, id)
        const { owner, requester } = asked.request
        return {
          id,
          expiresAt: asked.expiresAt,
          emailMessage,
          to: { owner, requester },
          reference: yield* requesting.referenceOf(caller.organizationId, [id], [emailMessage])
        } satisfies Preview
      })

      const send = Effect.fn("Requests.send")(function* (
        caller: Access.Caller,
        { reference, ...draft }: Sending,
        idempotencyKey?: IdempotencyKey
      ) {
        const { actor, organizationId } = caller
        const ids = reference === undefined ? [] : yield* requesting.idsOf(reference, 1)
        const record = Effect.gen(function* () {
          const id = ids[0] ?? (yield* secrets.id("invitation"))
          const { asked, emailMessage } = yield* composed(caller, draft, id)
          if (reference !== undefined) yield* requesting.sealed(organizationId, reference, [id], [emailMessage])
          const at = yield* DateTime.now
          const issued = yield* issue(caller, asked, at)
          const paid = yield* postage.pay(organizationId, issued.events.flatMap(Postage.addressed))
          yield* commit({ organizationId, actor, at, ...idempotencyRecord(idempotencyKey, id) }, [issued, ...paid])
          return id as string
        })
        return yield* withIdempotency(organizationId, idempotencyKey, recording(caller, ids, record), (id) =>
          found(caller, id)
        )
      })

      /** A campaign's requests, one group a mail: by address, and no more of them than one letter names. */
      const grouped = Effect.fnUntraced(function* (
        caller: Access.Caller,
        campaign: Campaign,
        given?: ReadonlyArray<Id.InvitationId>
      ) {
        yield* Effect.fromResult(Access.check(caller, "connect"))
        const { items } = campaign
        if (items.length === 0 || items.length > campaignLimit) {
          return yield* refused(
            `A campaign asks for 1 to ${campaignLimit} connections.`,
            "Choose some connections, or send several campaigns."
          )
        }
        if (new Set(items.map(({ connectionId }) => connectionId)).size < items.length) {
          return yield* refused("A connection stands in this campaign twice.", "Name each connection once.")
        }
        const requester = yield* requesting.requesterOf(caller, campaign.requester)
        const ids = given ?? (yield* requesting.freshIds(items.length))
        const all = yield* Effect.forEach(items, ({ connectionId, owner }, index) =>
          Effect.gen(function* () {
            const { state: connection } = yield* accessScope.connection(caller, "connect", connectionId)
            const judged = yield* requesting.judged(
              caller,
              {
                connectionId,
                owner,
                marketplaceId: connection.marketplaceId,
                ...(campaign.message === undefined ? {} : { message: campaign.message })
              },
              requester
            )
            if (!Connection.isLinked(connection) || connection.link.expiresAt === undefined) {
              return yield* refused(
                `The consent of ${judged.account.name} does not end by itself, or there is none.`,
                "Take it out of the campaign; send a request to connect when it is not connected."
              )
            }
            const id = ids[index]
            return id === undefined ? yield* Effect.die("every item has an id") : requesting.asked(id, judged)
          })
        )
        const groups = [...Map.groupBy(all, ({ request }) => request.owner.email).values()].flatMap((own) =>
          Array.from({ length: Math.ceil(own.length / EmailMessage.accountLimit) }, (_, part) =>
            own.slice(part * EmailMessage.accountLimit, (part + 1) * EmailMessage.accountLimit)
          )
        )
        return {
          ids,
          requester,
          mails: yield* Effect.forEach(groups.flatMap(carrying), (group) =>
            Effect.map(emailMessages.ask(group, "asked"), (emailMessage) => ({ group, emailMessage }))
          )
        }
      })

      return Requests.of({
        preview,
        send,

        list: Effect.fn("Requests.list")(function* (caller, filter, page) {
          yield* Effect.fromResult(Access.check(caller, "read"))
          const listed = yield* store.invitations(
            caller.organizationId,
            { ...filter, requests: true, ...(yield* accessScope.within(caller)) },
            page
          )
          return { ...listed, items: yield* Effect.forEach(listed.items, viewOf) }
        }),

        view: Effect.fn("Requests.view")(found),

        mailAgain: Effect.fn("Requests.mailAgain")((caller, id) =>
          change(caller, id, (at) => ({ _tag: "MailAgain", at }))
        ),

        revoke: Effect.fn("Requests.revoke")((caller, id) =>
          change(caller, id, (at, by) => ({ _tag: "Revoke", at, by }))
        ),

        object: Effect.fn("Requests.object")((token, because) =>
          onConflictAgain(
            Effect.gen(function* () {
              const read: Versioned<Invitation.Present> = yield* Effect.flatMap(
                secrets.digest(token),
                store.invitationByToken
              )
              const { id, organizationId } = read.state
              const at = yield* DateTime.now
              const decided = yield* Effect.fromResult(decide("invitation", id, read, { _tag: "Object", because, at }))
              yield* commit({ organizationId, actor: { _tag: "Guest", invitationId: id }, at }, [decided])
            })
          )
        ),

        renewable: Effect.fn("Requests.renewable")(function* (caller, filter, page) {
          yield* Effect.fromResult(Access.check(caller, "read"))
          const { organizationId } = caller
          const listed = yield* store.connections(
            organizationId,
            {
              ...filter,
              states: ["Connected", "Limited", "ReauthorizationNeeded"],
              ...(yield* accessScope.within(caller))
            },
            page
          )
          const items = yield* Effect.forEach(listed.items, (connection) =>
            Effect.gen(function* (): Effect.fn.Return<
              ReadonlyArray<Renewable>,
              NotFound | InvalidCursor | StoreUnavailable
            > {
              if (!Connection.isLinked(connection) || connection.link.expiresAt === undefined) return []
              if (Channel.accessBy(connection.channel) === "partner" || !offers(deployment, connection.channel))
                return []
              const { state: company } = yield* store.find("company", organizationId, connection.companyId)
              const { state: account } = yield* store.find("account", organizationId, connection.accountId)
              const {
                items: [last]
              } = yield* store.invitations(
                organizationId,
                { connectionId: connection.id, requests: true },
                { limit: 1 }
              )
              const owner = last?.request?.owner
              return [
                {
                  connection,
                  expiresAt: connection.link.expiresAt,
                  companyName: company.name,
                  accountName: account.name,
                  ...(owner === undefined ? {} : { owner }),
                  ...(last?._tag === "Open" && DateTime.isGreaterThan(last.expiresAt, yield* DateTime.now)
                    ? { openRequest: last.id }
                    : {})
                }
              ]
            })
          )
          return { ...listed, items: items.flat() }
        }),

        previewCampaign: Effect.fn("Requests.previewCampaign")(function* (caller, campaign) {
          const { ids, mails, requester } = yield* grouped(caller, campaign)
          return {
            requester,
            reference: yield* requesting.referenceOf(
              caller.organizationId,
              ids,
              mails.map(({ emailMessage }) => emailMessage)
            ),
            mails: mails.map(({ group, emailMessage }) => ({
              emailMessage,
              to: group[0].request.owner,
              connectionIds: group.map(({ connectionId }) => connectionId)
            }))
          }
        }),

        campaign: Effect.fn("Requests.campaign")(function* (caller, { reference, ...campaign }, idempotencyKey) {
          const { actor, organizationId } = caller
          const ids = reference === undefined ? [] : yield* requesting.idsOf(reference, campaign.items.length)
          const record = Effect.gen(function* () {
            const { ids: own, mails } = yield* grouped(caller, campaign, ids.length === 0 ? undefined : ids)
            if (reference !== undefined)
              yield* requesting.sealed(
                organizationId,
                reference,
                own,
                mails.map(({ emailMessage }) => emailMessage)
              )
            const at = yield* DateTime.now
            const issued = yield* Effect.forEach(
              mails.flatMap(({ group }) => group),
              (asked) => issue(caller, asked, at)
            )
            const paid = yield* postage.pay(
              organizationId,
              issued.flatMap(({ events }) => events.flatMap(Postage.addressed))
            )
            const resource = own.join(".")
            yield* commit({ organizationId, actor, at, ...idempotencyRecord(idempotencyKey, resource) }, [
              ...issued,
              ...paid
            ])
            return resource
          })
          return yield* withIdempotency(organizationId, idempotencyKey, recording(caller, ids, record), (resource) =>
            Effect.forEach(resource.split("."), (id) => found(caller, id))
          )
        })
      })
    })
  )
}

const refused = (detail: string, nextStep: string) =>
  Effect.fail(new Refused.Refused({ subject: "Invitation", asked: "Issue", reason: "contradiction", detail, nextStep }))

/** The first request of a group carries the others; their links go into its mail (rule X-R13). */
const carrying = (group: ReadonlyArray<Asked>): ReadonlyArray<readonly [Asked, ...ReadonlyArray<Asked>]> => {
  const [leader, ...others] = group
  if (leader === undefined) return []
  return [
    [
      { ...leader, request: { ...leader.request, carries: others.map(({ id }) => id) } },
      ...others.map((one): Asked => ({ ...one, request: { ...one.request, carriedBy: leader.id } }))
    ]
  ]
}
