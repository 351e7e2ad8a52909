/**
 * Organizations themselves: founding one, those a person belongs to, and who owns one (rules P-R5, C13, X-R7). An
 * organization has exactly one owner at every moment. The ownership moves when a member accepts it, or by an operator.
 */
import type { Access, Aggregate, Effects, Id, Member, Organization, Refused, Text } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { IdentityUnavailable, NotSignedIn, Person } from "../../driven/Identity.ts"
import type { InvalidCursor, NotFound, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import type { IdempotencyKey } from "../shared/idempotency.ts"
import * as CloseOrganization from "./closeOrganization.ts"
import * as FoundOrganization from "./foundOrganization.ts"
import * as HandOverOwnership from "./handOverOwnership.ts"
import * as InspectOrganization from "./inspectOrganization.ts"
import * as MyOrganizations from "./myOrganizations.ts"
import type { Membership, OrganizationView } from "./organizationView.ts"
import * as ViewOrganization from "./viewOrganization.ts"

export { foundingLimit, membershipLimit } from "./foundingLimits.ts"
export type { Membership, OrganizationView } from "./organizationView.ts"

/** What a change of an organization may fail with. */
export type ChangeError = Refused.Refused | NotFound | WriteError

/** Founds, lists, renames and hands over organizations. */
export interface Contract {
  /**
   * Founds an organization; the founder becomes a member and its owner, in one change. Refuses more than the founding
   * limits.
   */
  readonly create: (
    person: Person,
    input: { readonly name: Text.Name },
    idempotencyKey?: IdempotencyKey
  ) => Effect.Effect<Organization.Present, ChangeError>

  /** Those a person belongs to, oldest membership first. */
  readonly mine: (person: Person) => Effect.Effect<ReadonlyArray<Membership>, StoreError>

  /** Makes a session work in another organization of its person. One they do not belong to is not found. */
  readonly choose: (
    headers: Headers,
    organizationId: Id.OrganizationId
  ) => Effect.Effect<Organization.Present, NotSignedIn | NotFound | IdentityUnavailable | StoreError>

  /** The caller's own organization. */
  readonly view: (caller: Access.Caller) => Effect.Effect<OrganizationView, Refused.Refused | NotFound | StoreError>

  /** Renames it; for owner and admins. */
  readonly rename: (caller: Access.Caller, name: Text.Name) => Effect.Effect<Organization.Present, ChangeError>

  /**
   * Offers the ownership to another member; both are mailed, and nothing changes until that member accepts. For the
   * owner in person only. Refused while it is offered to somebody else.
   */
  readonly offerOwnership: (caller: Access.Caller, to: Id.MemberId) => Effect.Effect<OrganizationView, ChangeError>

  /** Calls an offer of the ownership off; for the owner, until it is accepted. Without an offer nothing changes. */
  readonly callOffOwnership: (caller: Access.Caller) => Effect.Effect<OrganizationView, ChangeError>

  /**
   * Accepts the ownership, as the member to whom it is offered; the former owner stays as admin. Refused when the offer
   * was called off, is over, or was made to somebody else.
   */
  readonly acceptOwnership: (caller: Access.Caller) => Effect.Effect<OrganizationView, ChangeError>

  /** Declines an offer of the ownership; for the member to whom it is made. Without one nothing changes. */
  readonly declineOwnership: (caller: Access.Caller) => Effect.Effect<OrganizationView, ChangeError>

  /**
   * Closes the caller's organization, for its owner in person: nobody works in it, no token is given and nothing is
   * fetched, and its members are mailed. After `Organization.closingDays` its consents end and its data is erased;
   * until then `reopen` takes it back.
   */
  readonly close: (caller: Access.Caller) => Effect.Effect<OrganizationView, ChangeError>

  /** What closing would do, for a page that asks for confirmation; for its owner (rule C14). */
  readonly closingEffects: (
    caller: Access.Caller
  ) => Effect.Effect<ReadonlyArray<Effects.Effect>, Refused.Refused | InvalidCursor | StoreError>

  /** `close` for any organization that a person owns. One to which they do not belong is not found. */
  readonly closeOne: (person: Person, organizationId: Id.OrganizationId) => Effect.Effect<OrganizationView, ChangeError>

  /** `closingEffects` for any organization that a person owns. */
  readonly closingEffectsOf: (
    person: Person,
    organizationId: Id.OrganizationId
  ) => Effect.Effect<ReadonlyArray<Effects.Effect>, Refused.Refused | NotFound | InvalidCursor | StoreError>

  /**
   * Reopens a closed organization, as its owner, until its time is over; all is as it was. An organization to which the
   * person does not belong is not found.
   */
  readonly reopen: (person: Person, organizationId: Id.OrganizationId) => Effect.Effect<OrganizationView, ChangeError>

  /**
   * Hands the ownership over at once, by an operator, for an owner who is gone and cannot do it (rule X-R7, failure
   * case). The history names the operator, and both people are mailed.
   */
  readonly handOverFor: (
    operator: Access.Operator,
    organizationId: Id.OrganizationId,
    to: Id.MemberId
  ) => Effect.Effect<OrganizationView, ChangeError>

  /** Who could become the owner, for an operator who must choose one. */
  readonly candidates: (
    operator: Access.Operator,
    organizationId: Id.OrganizationId,
    page: PageRequest
  ) => Effect.Effect<Page<Member.Active>, NotFound | InvalidCursor | StoreError>

  /** One of those, so that a confirmation can name the person. Somebody who is not a member now is not found. */
  readonly candidate: (
    operator: Access.Operator,
    organizationId: Id.OrganizationId,
    id: Id.MemberId
  ) => Effect.Effect<Member.Active, NotFound | StoreError>

  /** Any organization with its owner, for an operator. */
  readonly viewFor: (
    operator: Access.Operator,
    organizationId: Id.OrganizationId
  ) => Effect.Effect<OrganizationView, NotFound | StoreError>

  /**
   * What happened to the organization itself, the youngest first, for an operator: that it was founded, renamed and
   * handed over, and by whom. Nothing of its accounts and people.
   */
  readonly pastFor: (
    operator: Access.Operator,
    organizationId: Id.OrganizationId,
    page: PageRequest
  ) => Effect.Effect<Page<Aggregate.Recorded>, NotFound | InvalidCursor | StoreError>
}

const verbs = {
  ...FoundOrganization,
  ...MyOrganizations,
  ...ViewOrganization,
  ...HandOverOwnership,
  ...CloseOrganization,
  ...InspectOrganization
}

/** Founds, lists, renames and hands over organizations. */
export class Organizations extends Context.Service<Organizations, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Organizations"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(
    Organizations,
    bound(deps("eventLog", "identity", "readModels", "repository", "secrets", "unitOfWork"), verbs)
  )
}
