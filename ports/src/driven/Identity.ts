/**
 * People, passwords, verified addresses and sessions. What a person may do, and where, is decided elsewhere: by
 * memberships (`Member`, `Organization`) and roles (`Access`).
 */
import { Id, Messages } from "@portolan/domain"
import { Context, Duration, type Effect, type Redacted, Schema } from "effect"

/** A human being with a sign-in. */
export interface Person {
  readonly personId: Id.PersonId
  readonly name: string
  readonly email: string
}

/** A person with a live session. */
export interface Session extends Person {
  /** The organization this session works in, when it chose one. Whether the person is a member there is not said. */
  readonly organizationId?: Id.OrganizationId
}

/** A one-time token that was, or is to be, mailed to a person. */
export interface Mailed {
  readonly person: Person
  readonly token: Redacted.Redacted<string>
}

/** The shortest and longest password. */
export const passwordLength = { shortest: 10, longest: 128 } as const

/** How long mailed tokens live, in every adapter: the mails say so. */
export const mailedTokenLife = { verification: Duration.days(1), reset: Duration.hours(1) } as const

/** No valid session came with the request. */
export class NotSignedIn extends Schema.TaggedError<NotSignedIn>()("NotSignedIn", {}) {
  override get message(): string {
    return Messages.text("identity.not-authenticated")
  }
}

/** E-mail or password is wrong; never says which. */
export class WrongCredentials extends Schema.TaggedError<WrongCredentials>()("WrongCredentials", {}) {
  override get message(): string {
    return Messages.text("identity.wrong-password")
  }
}

/** The password is right, but the address is not proven to be the person's yet. */
export class EmailUnverified extends Schema.TaggedError<EmailUnverified>()("EmailUnverified", {
  email: Schema.String
}) {
  override get message(): string {
    return Messages.text("identity.unverified")
  }
}

/** The password is too short, too long, or not text. */
export class PasswordUnacceptable extends Schema.TaggedError<PasswordUnacceptable>()("PasswordUnacceptable", {}) {
  override get message(): string {
    return Messages.text("identity.password-length", {
      shortest: passwordLength.shortest,
      longest: passwordLength.longest
    })
  }
}

/** A mailed token that is unknown, used or over; all look alike. */
export class TokenInvalid extends Schema.TaggedError<TokenInvalid>()("TokenInvalid", {}) {
  override get message(): string {
    return Messages.text("identity.link-invalid")
  }
}

/** Too many attempts. */
export class TooManyAttempts extends Schema.TaggedError<TooManyAttempts>()("TooManyAttempts", {
  retryAfterSeconds: Schema.Int,
  /** Who has the address, where somebody does: for the record alone. No answer shows it. */
  personId: Schema.optionalKey(Id.PersonId)
}) {
  override get message(): string {
    return Messages.text("identity.too-many-attempts", { seconds: this.retryAfterSeconds })
  }
}

/** The directory of people cannot be reached. */
export class IdentityUnavailable extends Schema.TaggedError<IdentityUnavailable>()("IdentityUnavailable", {
  cause: Schema.Defect()
}) {
  override get message(): string {
    return Messages.text("identity.unavailable")
  }
}

/** Signs people in, and proves their addresses. */
export class Identity extends Context.Service<
  Identity,
  {
    /**
     * Reads the session cookie from request headers. Nothing is cached: what was signed out is out at the next request.
     */
    readonly whoIs: (headers: Headers) => Effect.Effect<Session, NotSignedIn | IdentityUnavailable>

    /**
     * Makes a person with an address that is not proven yet, and a token to mail to it. `Known`: the address has a
     * sign-in already; the caller mails that instead, so that the page does not show who is registered.
     */
    readonly signUp: (
      input: { readonly name: string; readonly email: string; readonly password: Redacted.Redacted<string> },
      headers: Headers
    ) => Effect.Effect<
      ({ readonly _tag: "Made" } & Mailed) | { readonly _tag: "Known"; readonly person: Person },
      PasswordUnacceptable | TooManyAttempts | IdentityUnavailable
    >

    /** A new token to prove an address; undefined when there is nothing to prove. */
    readonly verification: (
      email: string,
      headers: Headers
    ) => Effect.Effect<Mailed | undefined, TooManyAttempts | IdentityUnavailable>

    /** Proves an address with its token and signs in. Gives the `Set-Cookie` values to send. */
    readonly verify: (
      token: Redacted.Redacted<string>,
      headers: Headers
    ) => Effect.Effect<
      { readonly person: Person; readonly cookies: ReadonlyArray<string> },
      TokenInvalid | IdentityUnavailable
    >

    /** A token to choose a new password; undefined when no person has this address. */
    readonly forgotten: (
      email: string,
      headers: Headers
    ) => Effect.Effect<Mailed | undefined, TooManyAttempts | IdentityUnavailable>

    /** Sets a new password with a token; every session of the person ends, and the address counts as proven. */
    readonly resetPassword: (
      token: Redacted.Redacted<string>,
      password: Redacted.Redacted<string>
    ) => Effect.Effect<void, TokenInvalid | PasswordUnacceptable | IdentityUnavailable>

    /** Signs in by e-mail and password. Gives the `Set-Cookie` values to send. */
    readonly signIn: (
      email: string,
      password: Redacted.Redacted<string>,
      headers: Headers
    ) => Effect.Effect<
      ReadonlyArray<string>,
      WrongCredentials | EmailUnverified | TooManyAttempts | IdentityUnavailable
    >

    /** Ends the session. Gives the `Set-Cookie` values to send. */
    readonly signOut: (headers: Headers) => Effect.Effect<ReadonlyArray<string>, IdentityUnavailable>

    /** Remembers with the session which organization it works in. */
    readonly choose: (
      headers: Headers,
      organizationId: Id.OrganizationId
    ) => Effect.Effect<void, NotSignedIn | IdentityUnavailable>
  }
>()("@portolan/ports/driven/Identity") {}
