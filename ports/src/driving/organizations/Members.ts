/**
 * People in an organization: inviting, joining, what each may see, and leaving (rules K-R17, P-R14 to P-R16, S-R8 to
 * S-R10, X-R6). Nothing here gives anybody access at a provider (rule S-R10).
 */
import type { Access, Id, Member, Refused, Text } from "@portolan/domain"
import { Context, type Effect, Layer, type Redacted } from "effect"
import type { Person } from "../../driven/Identity.ts"
import type { InvalidCursor, NotFound, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import type { IdempotencyKey } from "../shared/idempotency.ts"
import * as AnswerInvitation from "./answerInvitation.ts"
import * as ChangeMemberAccess from "./changeMemberAccess.ts"
import type { InvitationView } from "./invitationView.ts"
import * as InviteMember from "./inviteMember.ts"
import * as ListMembers from "./listMembers.ts"
import * as MailPreferences from "./mailPreferences.ts"
import type { MemberView } from "./memberView.ts"
import * as RemoveMember from "./removeMember.ts"

export type { InvitationView } from "./invitationView.ts"
export type { MemberView } from "./memberView.ts"

/** What a member leaves behind, shown before they are removed. */
export interface Legacy {
  /** Consents they are responsible for; somebody else will be. */
  readonly consents: number
  /** Invitations to join that they or their keys sent and nobody answered yet; they are withdrawn. */
  readonly invitations: number
}

/** What a change of a member may fail with. */
export type ChangeError = Refused.Refused | NotFound | WriteError

/** Invites, lists, limits and removes people. */
export interface Contract {
  /**
   * Lists people by address: members and open invitations unless states are named. Not for limited access (rule S-R9).
   */
  readonly list: (
    caller: Access.Caller,
    filter: { readonly states?: ReadonlyArray<Member.Present["_tag"]> },
    page: PageRequest
  ) => Effect.Effect<Page<MemberView>, Refused.Refused | NotFound | InvalidCursor | StoreError>

  /** Reads one. */
  readonly view: (
    caller: Access.Caller,
    id: Id.MemberId
  ) => Effect.Effect<MemberView, Refused.Refused | NotFound | StoreError>

  /** What a member leaves behind when they go. */
  readonly legacy: (
    caller: Access.Caller,
    id: Id.MemberId
  ) => Effect.Effect<Legacy, Refused.Refused | NotFound | StoreError>

  /**
   * Invites an address; a job mails it. One address is one membership: an address that is invited or a member already
   * is refused, with where to find it (rule P-R14). The organization's daily number of emails is limited
   * (`MailQuota`).
   */
  readonly invite: (
    caller: Access.Caller,
    input: { readonly email: Text.Email; readonly role: Access.GivenRole; readonly accessScope: Access.AccessScope },
    idempotencyKey?: IdempotencyKey
  ) => Effect.Effect<MemberView, ChangeError | InvalidCursor>

  /** Mails an invitation once more; its life starts again. At most `Member.mailLimit` emails an invitation. */
  readonly mailAgain: (caller: Access.Caller, id: Id.MemberId) => Effect.Effect<MemberView, ChangeError>

  /** Withdraws an invitation; its link stops working at once. */
  readonly withdraw: (caller: Access.Caller, id: Id.MemberId) => Effect.Effect<MemberView, ChangeError>

  /**
   * What an open invitation says; one that was answered, withdrawn or sent anew is not found. Reading changes nothing:
   * mail scanners open links (rule X-R5).
   */
  readonly look: (
    token: Redacted.Redacted<string>
  ) => Effect.Effect<InvitationView, Refused.Refused | NotFound | StoreError>

  /** Joins, as the person whose proven address was invited; refuses anybody else. */
  readonly accept: (person: Person, token: Redacted.Redacted<string>) => Effect.Effect<Member.Active, ChangeError>

  /** Turns an invitation down. */
  readonly decline: (person: Person, token: Redacted.Redacted<string>) => Effect.Effect<void, ChangeError>

  /**
   * Gives a member or an invitation another role or another access. When the new role may not manage people, their keys
   * are revoked and their unanswered invitations to join withdrawn, in the same change.
   */
  readonly changeAccess: (
    caller: Access.Caller,
    id: Id.MemberId,
    access: { readonly role: Access.GivenRole; readonly accessScope: Access.AccessScope }
  ) => Effect.Effect<MemberView, ChangeError | InvalidCursor>

  /**
   * Removes a member: their next request is refused, their keys are revoked, unanswered invitations to join that they
   * sent are withdrawn, and the remover, or the member who is named, is responsible for their consents; all in one
   * change. Auth links and requests to connect stay valid; news about them goes to others from then on.
   */
  readonly remove: (
    caller: Access.Caller,
    id: Id.MemberId,
    handOverTo?: Id.MemberId
  ) => Effect.Effect<MemberView, ChangeError>

  /** Leaves the caller's own organization; the owner, or the member who is named, is responsible for their consents. */
  readonly leave: (caller: Access.Caller, handOverTo?: Id.MemberId) => Effect.Effect<void, ChangeError>

  /** When the caller gets news by mail: at once with a burst, once a day, or never where that is allowed. */
  readonly mailPreferences: (
    caller: Access.Caller
  ) => Effect.Effect<Member.MailPreferences, Refused.Refused | StoreError>

  /** Changes the caller's own preferences; a key has none. What waits already is mailed when it was to be. */
  readonly changeMailPreferences: (
    caller: Access.Caller,
    preferences: Member.MailPreferences
  ) => Effect.Effect<Member.MailPreferences, ChangeError>
}

const verbs = {
  ...MailPreferences,
  ...ListMembers,
  ...InviteMember,
  ...AnswerInvitation,
  ...ChangeMemberAccess,
  ...RemoveMember
}

/** Invites, lists, limits and removes people. */
export class Members extends Context.Service<Members, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Members"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(Members, bound(deps("eventLog", "repository", "secrets", "unitOfWork"), verbs))
}
