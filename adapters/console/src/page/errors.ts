/**
 * What a page may fail with, and the HTTP status codes of pages; what each failure says to people is in `errorPage.ts`.
 */
import type { Refused } from "@portolan/domain"
import type {
  AccessTokens,
  Callers,
  Identity,
  PendingAuthorizations,
  ProviderApi,
  Repository,
  UnitOfWork
} from "@portolan/ports"
import { Schema } from "effect"
import { words } from "../messages/words.ts"

/** The request itself makes no sense: a broken form, a missing field that the page always sends. */
export class BadRequest extends Schema.TaggedError<BadRequest>()("BadRequest", { detail: Schema.String }) {
  override get message(): string {
    return this.detail
  }
}

/** A form was sent from another site; it may not act for the person who is signed in here. */
export class ForeignForm extends Schema.TaggedError<ForeignForm>()("ForeignForm", {}) {
  override get message(): string {
    return words.page.foreignForm
  }
}

/** What a page may fail with. */
export type PageError =
  | BadRequest
  | ForeignForm
  | Identity.NotSignedIn
  | Callers.NoOrganization
  | Callers.OrganizationClosing
  | Identity.IdentityUnavailable
  | Refused.Refused
  | Repository.NotFound
  | Repository.InvalidCursor
  | UnitOfWork.CommitError
  | PendingAuthorizations.ProfileHeld
  | AccessTokens.TokenError
  | ProviderApi.CallError

/** The statuses that pages are sent with. */
export type Status = 200 | 400 | 403 | 404 | 405 | 408 | 409 | 410 | 413 | 422 | 429 | 500 | 503
