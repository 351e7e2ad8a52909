/**
 * What the inside needs from a marketplace provider, channel by channel. An adapter translates and judges: every answer
 * becomes a value or one of the failures of `@portolan/domain`'s `Failure`, and nothing else leaves it.
 *
 * Rules for whoever writes one:
 *
 * - **No answer is final by itself.** A refusal that nobody foresaw is `RequestRefused` with the provider's own words
 *   (code, message, details, request id): work asks again with growing gaps, counts, and tells a person only after a
 *   limit. Only data older than the provider keeps (`beyondRetention`) is never asked for again. A day that is not
 *   there yet is `Temporary` with `notBefore`; a dead page token begins the list anew; a ticket that is refused is
 *   `Lost`.
 * - **Empty only when proven.** A list that is complete by its own totals and holds nothing is `Rows` without rows. An
 *   answer that only looks empty (cancelled, an empty file, a body without a list) is `Empty`: the ledger of loads asks
 *   again, spaced, and believes a second, different look.
 * - **Complete, or it fails.** Lines as long as their heading, as many rows as the totals say, downloads as long as
 *   they were announced, cursors that do not loop. Rows of one key are added up where the key is the adapter's to add,
 *   else refused; the last one never wins in silence. A cap is met by asking for less at a time.
 * - **One odd row hides nothing.** What cannot be read is `Quarantined`, with the reason, and the others count; too
 *   many odd ones fail the window, because then the format is another. In a list of profiles or advertisers it is told
 *   to `LeftOut`.
 * - **A refusal blames the customer only in words about the customer.** What a gateway, a proxy or our own installation
 *   causes is `Temporary` or `ApplicationRejected`, never `PermissionMissing`.
 * - **The format is the account's**: language of headings, character set, decimal sign, reporting day.
 */
import {
  type AccountType,
  type Channel,
  type Check,
  type Failure,
  type Grant,
  type Id,
  type Identity,
  type Marketplace,
  Messages,
  type Profile,
  type Region
} from "@portolan/domain"
import { Context, type DateTime, type Effect, type Redacted, Schema } from "effect"
import type { MarketplaceStart } from "./MarketplaceStart.ts"
import type { WindowAnswer, WindowRequest } from "./WindowOfData.ts"

export type { Quarantined } from "./LeftOut.ts"
export { type MarketplaceStart, StartProblem, startParameterLimit } from "./MarketplaceStart.ts"
export type { Row, WindowAnswer, WindowRequest } from "./WindowOfData.ts"

/** Everything the consent address is made of. */
export interface ConsentRequest {
  readonly channel: Channel.Channel
  readonly accountType: AccountType.AccountType
  readonly marketplaceId: Marketplace.MarketplaceId
  readonly state: Redacted.Redacted<string>
  /** Where the provider sends the person back to; registered with the provider, character for character. */
  readonly redirectUri: string
  /** RFC 7636, method S256; ignored by channels whose consent page knows no PKCE. */
  readonly codeChallenge: string
  /** The query of the log-in address, for a consent that began at the marketplace and goes on there. */
  readonly start?: URLSearchParams
}

/** What a callback's query says. */
export type Callback =
  | {
      readonly _tag: "Consented"
      readonly state: Redacted.Redacted<string>
      readonly code: Redacted.Redacted<string>
      /**
       * Who consented, when the callback says so (Selling Partner API: the selling partner id). A claim: no callback is
       * signed, and whoever holds the browser can write what they like.
       */
      readonly grantor?: string
    }
  | { readonly _tag: "Declined"; readonly state: Redacted.Redacted<string>; readonly detail: string }
  /** The provider reports an error of its own or of the application's registration. */
  | { readonly _tag: "Refused"; readonly state: Redacted.Redacted<string>; readonly detail: string }
  /** Parameters are missing, or there twice with different values. */
  | { readonly _tag: "Incomplete"; readonly state?: Redacted.Redacted<string>; readonly detail: string }

/** What the token endpoint gave. */
export interface Tokens {
  readonly accessToken: Redacted.Redacted<string>
  /** Counted from the moment the request was sent, so it is never later than the real end. */
  readonly accessExpiresAt: DateTime.Utc
  /** The token to keep: the new one when the provider rotates, else the same. */
  readonly refreshToken: Redacted.Redacted<string>
}

/** What came with a consent. */
export interface Consent extends Tokens {
  /** A stable id of the person or seller, when the provider tells. */
  readonly grantor?: string
  /** When the consent ends by itself, when the provider has such a rule (rule C11). */
  readonly expiresAt?: DateTime.Utc
}

/** Whom a call is for. */
export interface Access {
  readonly channel: Channel.Channel
  readonly region: Region.Region
  readonly accountType: AccountType.AccountType
  /** Empty for a channel whose access rests on our partnership alone (Walmart Connect): it has no tokens. */
  readonly accessToken: Redacted.Redacted<string>
  /** Where the consent was given; providers that list no marketplaces (vendors) are known only through it. */
  readonly marketplaceId: Marketplace.MarketplaceId
  /** Who consented, as far as the callback or the token endpoint says. A claim (see `prove`). */
  readonly grantor?: string
  /**
   * The consent in whose name a call is made. What an adapter keeps from one call to the next, such as the wait that a
   * provider asked for, it keeps by this: by the grantor, whoever claims another one's id could make that one wait.
   */
  readonly grantId?: Id.GrantId
}

/** This deployment has no credentials for the channel, or the channel does not exist for the marketplace. */
export class ChannelUnavailable extends Schema.TaggedError<ChannelUnavailable>()("ChannelUnavailable", {
  channel: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return Messages.text("channel.unavailable", { channel: this.channel, detail: this.detail })
  }
}

/** Failures of calls that carry an access token. */
export type CallError =
  | Failure.Temporary
  | Failure.AccessTokenRefused
  | Failure.PermissionMissing
  | Failure.ApplicationRejected
  | ChannelUnavailable

/** Calls the APIs of providers. */
export class ProviderApi extends Context.Service<
  ProviderApi,
  {
    /** The address of the provider's consent page. A pure function of the request; carries no secret but `state`. */
    readonly authorizeUrl: (request: ConsentRequest) => Effect.Effect<URL, ChannelUnavailable>

    /**
     * Reads the query with which the provider opens our log-in address. Total: any query gives an answer. What is
     * `Begun` may be given to `authorizeUrl`, which then answers with an address of the provider's own, and no other.
     */
    readonly readStart: (channel: Channel.Channel, query: URLSearchParams) => MarketplaceStart

    /** Reads the query of a callback. Total: any query gives an answer. */
    readonly readCallback: (channel: Channel.Channel, query: URLSearchParams) => Callback

    /**
     * Exchanges an authorization code. Sent once: a code is never tried twice, because a code that was spent must not
     * be sent again.
     *
     * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2
     */
    readonly exchange: (request: {
      readonly channel: Channel.Channel
      readonly region: Region.Region
      readonly code: Redacted.Redacted<string>
      readonly redirectUri: string
      readonly codeVerifier: Redacted.Redacted<string>
      readonly grantor?: string
    }) => Effect.Effect<
      Consent,
      Failure.Temporary | Failure.CodeRefused | Failure.ApplicationRejected | ChannelUnavailable
    >

    /** Spends a refresh token. */
    readonly refresh: (request: {
      readonly channel: Channel.Channel
      readonly region: Region.Region
      readonly refreshToken: Redacted.Redacted<string>
      /** Who consented; Walmart Marketplace wants the seller's id with every refresh. */
      readonly grantor?: string
    }) => Effect.Effect<
      Tokens,
      Failure.Temporary | Failure.GrantRefused | Failure.ApplicationRejected | ChannelUnavailable
    >

    /**
     * Whether the tokens are of whom the consent names (`access.grantor`), judged by what the provider itself answers
     * about them (rules C4, C10). `Proven` and `Contradicted` rest on an answer that names somebody; a right that is
     * missing, a kind of account that no call names, and an answer that names nobody are `Unproven`, never a failure.
     */
    readonly prove: (access: Access) => Effect.Effect<Identity.Answer, CallError>

    /**
     * Everything the grant can act on in one region, complete. An empty list is an answer, not an error. A profile that
     * cannot be read hides no other: it is told to `LeftOut`.
     */
    readonly discover: (access: Access) => Effect.Effect<ReadonlyArray<Profile.Candidate>, CallError>

    /**
     * Every advertiser that lists us as its partner in a region, complete (rules W-R5, W-R6). For channels whose access
     * comes by partnership; no grant is needed to ask. One that cannot be read is told to `LeftOut`, with its id as the
     * key where that much can be read: it is listed, so nobody may take it for gone.
     */
    readonly advertisers: (
      region: Region.Region
    ) => Effect.Effect<
      ReadonlyArray<Profile.Advertiser>,
      Failure.Temporary | Failure.ApplicationRejected | ChannelUnavailable
    >

    /**
     * What the provider says about why a profile is missing or limited (rules S-R5, C9). A fact that it does not give
     * is left out; a failure of one question leaves its fact out and fails nothing else.
     */
    readonly inspect: (
      access: Access,
      about: { readonly marketplaceId: Marketplace.MarketplaceId; readonly profile?: Profile.Key }
    ) => Effect.Effect<Check.Facts, CallError>

    /**
     * Asks the provider to end a consent, where it lets an application do so. Best effort: the outcome is an answer
     * (rule C14).
     */
    readonly revoke: (request: {
      readonly channel: Channel.Channel
      readonly region: Region.Region
      readonly accountType: AccountType.AccountType
      readonly marketplaceId: Marketplace.MarketplaceId
      readonly refreshToken: Redacted.Redacted<string>
    }) => Effect.Effect<Grant.Revocation>

    /** Fetches one window, or starts its preparation. */
    readonly load: (
      access: Access,
      request: WindowRequest
    ) => Effect.Effect<WindowAnswer, CallError | Failure.RequestRefused>
  }
>()("@portolan/ports/driven/ProviderApi") {}
