/**
 * Auth links (flow F1, step 4; rule K-R9): the member who makes one, and the guest who follows it without an account of
 * their own. Looking at a link changes nothing, so mail scanners do no harm; following it does.
 */
import type { Access, Authorization, Id, Refused } from "@portolan/domain"
import { Context, type Effect, Layer, type Redacted } from "effect"
import type { ChannelUnavailable } from "../../driven/ProviderApi.ts"
import type { InvalidCursor, NotFound, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import * as Create from "./links/create.ts"
import * as Follow from "./links/follow.ts"
import type { Link, LinkWithAddress } from "./links/linkAddress.ts"
import * as List from "./links/list.ts"
import * as Look from "./links/look.ts"
import * as Revoke from "./links/revoke.ts"
import type { AuthorizationRedirect } from "./redirect.ts"

export type { LinkWithAddress } from "./links/linkAddress.ts"
export type { GuestView } from "./links/look.ts"

type ChangeError = Refused.Refused | NotFound | WriteError

/** Makes, shows and follows links. */
export interface Contract {
  /**
   * Makes a link for one connection. It lives seven days unless said otherwise (one hour to 30 days). Refused for a
   * channel without credentials here, because nobody could consent through it.
   */
  readonly create: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId,
    options?: Create.CreateLink
  ) => Effect.Effect<LinkWithAddress, ChangeError>

  /** Lists links, the youngest first, of one connection or of all. */
  readonly list: (
    caller: Access.Caller,
    connectionId: Id.ConnectionId | undefined,
    page: PageRequest
  ) => Effect.Effect<Page<Link>, Refused.Refused | InvalidCursor | StoreError>

  /** Shows a link with its address, to copy it again. Needs the role to connect. */
  readonly view: (
    caller: Access.Caller,
    invitationId: Id.InvitationId
  ) => Effect.Effect<LinkWithAddress, Refused.Refused | NotFound | StoreError>

  /** Revokes a link at once. A guest who is at the provider with it reads that when they come back. */
  readonly revoke: (caller: Access.Caller, invitationId: Id.InvitationId) => Effect.Effect<Link, ChangeError>

  /** What a guest sees. Changes nothing. Unknown tokens are all answered alike. */
  readonly look: (token: Redacted.Redacted<string>) => Effect.Effect<Look.GuestView, NotFound | StoreError>

  /**
   * Follows a link: starts an authorization and sends the browser to the provider. `consenting` is the person's own
   * statement: the owner, or somebody whose own login the owner gave the right (rule P-R11). The consent records it.
   */
  readonly follow: (
    token: Redacted.Redacted<string>,
    browser: Redacted.Redacted<string> | undefined,
    consenting?: Authorization.Consenting
  ) => Effect.Effect<AuthorizationRedirect, Refused.Refused | NotFound | ChannelUnavailable | WriteError>
}

const verbs = { ...Create, ...List, ...Revoke, ...Look, ...Follow }

/** Makes, shows and follows links. */
export class AuthLinks extends Context.Service<AuthLinks, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/AuthLinks"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(
    AuthLinks,
    bound(deps("deployment", "provider", "repository", "secrets", "unitOfWork"), verbs)
  )
}
