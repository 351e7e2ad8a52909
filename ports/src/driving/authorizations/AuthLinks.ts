/**
 * The conversation about auth links (flow F1, step 4; rule K-R9): the member who makes one, and the guest who follows
 * it without an account with us. Looking at a link changes nothing, so mail scanners do no harm; following it does.
 */
import {
  Access,
  Account,
  Actor,
  type Aggregate,
  type Authorization,
  type Channel,
  Evidence,
  type Id,
  Invitation,
  type Refused
} from "@portolan/domain"
import { Context, DateTime, type Duration, Effect, Layer, Redacted } from "effect"
import {
  Repository,
  type InvalidCursor,
  type NotFound,
  type Page,
  type PageRequest,
  type Versioned
} from "../../driven/Repository.ts"
import { Deployment, linkUri } from "../../driven/Deployment.ts"
import type { ChannelUnavailable } from "../../driven/ProviderApi.ts"
import { Secrets } from "../../driven/Secrets.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError } from "../../driven/UnitOfWork.ts"
import { askable } from "../requests/askable.ts"
import { decide, onConflictAgain } from "../shared/change.ts"
import type { ChangeError } from "../accounts/Companies.ts"
import { makeCorrespondents } from "../requests/correspondents.ts"
import { makeIdempotency, type IdempotencyKey, idempotencyRecord } from "../shared/idempotency.ts"
import { makeAccessScope } from "../shared/AccessScope.ts"
import { type AuthorizationRedirect, makeAuthorizations } from "./trips.ts"

type Link = Aggregate.Present<"invitation">

/** A link with its address. */
export interface LinkWithAddress {
  readonly link: Link
  /** Absent when the link can no longer be followed. */
  readonly url?: Redacted.Redacted<string>
}

/** What a guest sees before following a link: who asks for what. Nothing else of the organization. */
export interface GuestView {
  readonly link: Link
  readonly standing: Evidence.Outcome
  readonly companyName: string
  readonly accountName: string
  readonly accountType: Authorization.Present["accountType"]
  readonly marketplaceId: Authorization.Present["marketplaceId"]
  readonly channel: Channel.Channel
  readonly issuedBy: string
  /** Whom to ask about it now: whoever asks, or who stands in for a member who is gone. */
  readonly contact: string
  /** Present when the link is a request to connect: who asks whom, and in whose name (rule X-R4). */
  readonly request?: {
    readonly organizationName: string
    readonly requesterName: string
    readonly ownerName: string
    readonly message?: string
  }
}

/** Makes, shows and follows links. */
export class AuthLinks extends Context.Service<
  AuthLinks,
  {
    /**
     * Makes a link for one connection. It lives seven days unless said otherwise (one hour to 30 days). Refused for a
     * channel without credentials here: whoever followed the link could never consent.
     */
    readonly create: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId,
      options: { readonly life?: Duration.Duration },
      idempotencyKey?: IdempotencyKey
    ) => Effect.Effect<LinkWithAddress, ChangeError>

    /** Lists links, the youngest first, of one connection or of all. */
    readonly list: (
      caller: Access.Caller,
      connectionId: Id.ConnectionId | undefined,
      page: PageRequest
    ) => Effect.Effect<Page<Link>, Refused.Refused | InvalidCursor | StoreUnavailable>

    /** Shows a link with its address, to copy it again. Needs the role to connect. */
    readonly view: (
      caller: Access.Caller,
      invitationId: Id.InvitationId
    ) => Effect.Effect<LinkWithAddress, Refused.Refused | NotFound | StoreUnavailable>

    /** Withdraws a link at once; whoever is at the provider with it is told on return. */
    readonly revoke: (caller: Access.Caller, invitationId: Id.InvitationId) => Effect.Effect<Link, ChangeError>

    /** What a guest sees. Changes nothing. Unknown tokens are all answered alike. */
    readonly look: (token: Redacted.Redacted<string>) => Effect.Effect<GuestView, NotFound | StoreUnavailable>

    /**
     * Follows a link: mints an authorization and sends the browser to the provider. `consenting` is what the person says of himself:
     * the owner, or somebody whose own login the owner gave the right (rule P-R11); it is put on record with the consent.
     */
    readonly follow: (
      token: Redacted.Redacted<string>,
      browser: Redacted.Redacted<string> | undefined,
      consenting?: Authorization.Consenting
    ) => Effect.Effect<AuthorizationRedirect, Refused.Refused | NotFound | ChannelUnavailable | CommitError>
  }
>()("@portolan/ports/driving/AuthLinks") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    AuthLinks,
    Effect.gen(function* () {
      const store = yield* Repository
      const secrets = yield* Secrets
      const deployment = yield* Deployment
      const { commit, startAuthorization } = yield* makeAuthorizations
      const correspondents = yield* makeCorrespondents
      const withIdempotency = yield* makeIdempotency
      const accessScope = yield* makeAccessScope

      // The token is derived from the link's id, so it can be shown again without ever being stored.
      const token = (id: Id.InvitationId) => secrets.derive("link-token", id)
      const address = (id: Id.InvitationId) =>
        Effect.map(token(id), (secret) => Redacted.make(linkUri(deployment.origin, Redacted.value(secret))))
      const withAddress = (link: Link): Effect.Effect<LinkWithAddress> =>
        link._tag === "Open" ? Effect.map(address(link.id), (url) => ({ link, url })) : Effect.succeed({ link })
      const find = (organizationId: Id.OrganizationId, id: string) =>
        Effect.flatMap(store.find("invitation", organizationId, id), ({ state }) => withAddress(state))
      const requestOf = Effect.fnUntraced(function* ({ organizationId, request }: Link) {
        if (request === undefined) return {}
        const { state: organization } = yield* store.find("organization", organizationId, organizationId)
        return {
          request: {
            organizationName: organization.name,
            requesterName: request.requester.name,
            ownerName: request.owner.name,
            ...(request.message === undefined ? {} : { message: request.message })
          }
        }
      })
      const byToken = (secret: Redacted.Redacted<string>) =>
        Effect.flatMap(secrets.digest(secret), store.invitationByToken)

      return AuthLinks.of({
        create: Effect.fn("AuthLinks.create")(function* (caller, connectionId, { life }, idempotencyKey) {
          yield* accessScope.connection(caller, "connect", connectionId)
          const { actor, organizationId } = caller
          const create = Effect.gen(function* () {
            const { state: connection } = yield* store.find("connection", organizationId, connectionId)
            yield* askable(deployment, connection)
            const { state: account } = yield* store.find("account", organizationId, connection.accountId)
            // Whoever follows a link to a removed account is turned away; he is not to be sent there in the first place.
            yield* Effect.fromResult(Account.inUse(account, "Invitation", "Issue"))
            const at = yield* DateTime.now
            const id = yield* secrets.id("invitation")
            const decided = yield* Effect.fromResult(
              decide("invitation", id, undefined, {
                _tag: "Issue",
                link: {
                  id,
                  organizationId,
                  connectionId,
                  companyId: connection.companyId,
                  accountId: connection.accountId,
                  channel: connection.channel,
                  tokenDigest: yield* Effect.flatMap(token(id), secrets.digest),
                  issuedBy: actor,
                  issuedAt: at,
                  expiresAt: DateTime.addDuration(at, life ?? Invitation.lifetime.standard)
                }
              })
            )
            yield* commit({ organizationId, actor, at, ...idempotencyRecord(idempotencyKey, id) }, [decided])
            return id as string
          })
          return yield* withIdempotency(organizationId, idempotencyKey, create, (id) => find(organizationId, id))
        }),

        list: Effect.fn("AuthLinks.list")(function* (caller, connectionId, page) {
          yield* Effect.fromResult(Access.check(caller, "read"))
          const filter = {
            ...(connectionId === undefined ? {} : { connectionId }),
            ...(yield* accessScope.within(caller))
          }
          return yield* store.invitations(caller.organizationId, filter, page)
        }),

        view: Effect.fn("AuthLinks.view")(function* (caller, invitationId) {
          return yield* withAddress((yield* accessScope.invitation(caller, "connect", invitationId)).state)
        }),

        revoke: Effect.fn("AuthLinks.revoke")((caller, invitationId) =>
          onConflictAgain(
            Effect.gen(function* () {
              const { actor, organizationId } = caller
              const found: Versioned<Link> = yield* accessScope.invitation(caller, "connect", invitationId)
              const at = yield* DateTime.now
              const decided = yield* Effect.fromResult(
                decide("invitation", invitationId, found, { _tag: "Revoke", at, by: actor })
              )
              yield* commit({ organizationId, actor, at }, [decided])
              return decided.next._tag === "Absent" ? found.state : decided.next
            })
          )
        ),

        look: Effect.fn("AuthLinks.look")(function* (secret) {
          const { state: link } = yield* byToken(secret)
          const { state: account } = yield* store.find("account", link.organizationId, link.accountId)
          const { state: company } = yield* store.find("company", link.organizationId, link.companyId)
          const { state: connection } = yield* store.find("connection", link.organizationId, link.connectionId)
          return {
            link,
            standing: Evidence.ofInvitation(link, yield* DateTime.now),
            companyName: company.name,
            accountName: account.name,
            accountType: account.accountType,
            marketplaceId: connection.marketplaceId,
            channel: link.channel,
            issuedBy: Actor.describe(link.issuedBy),
            contact: yield* correspondents.contactOf(link),
            ...(yield* requestOf(link))
          }
        }),

        follow: Effect.fn("AuthLinks.follow")((secret, browser, consenting) =>
          onConflictAgain(
            Effect.gen(function* () {
              const read = yield* byToken(secret)
              const { id: invitationId, organizationId } = read.state
              const { state: connection } = yield* store.find("connection", organizationId, read.state.connectionId)
              return yield* startAuthorization(
                connection,
                { _tag: "ByLink", invitationId, ...(consenting === undefined ? {} : { consenting }) },
                { _tag: "Guest", invitationId },
                browser,
                (authorizationId) =>
                  Effect.gen(function* () {
                    const at = yield* DateTime.now
                    return [
                      yield* Effect.fromResult(
                        decide("invitation", invitationId, read, { _tag: "Follow", authorizationId, at })
                      )
                    ]
                  })
              )
            })
          )
        )
      })
    })
  )
}
