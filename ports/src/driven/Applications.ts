/**
 * The applications of this installation at providers: which there are, what the settings say of them, and what a
 * provider can be asked about their secrets. And, for adapters, which secrets to send.
 */
import type { ApplicationSecret, Channel, Failure } from "@portolan/domain"
import { Context, type DateTime, Effect, type Redacted } from "effect"

type Secret = Redacted.Redacted<string>

/** A secret as a request needs it. */
export interface Credential {
  readonly secret: Secret
  /** What the provider calls it, e.g. the version of a key. */
  readonly label?: string
}

/** What a provider says of a secret that was tried. The detail is free of secrets. */
export interface TestResult {
  readonly outcome: ApplicationSecret.Outcome
  readonly detail: string
}

/** One application at a provider, as the settings name it. */
export interface Application extends ApplicationSecret.Life {
  /** Names it among all applications, e.g. the provider and its client id. */
  readonly id: string
  /** What operators call it: a channel, with the part of its credentials where there are several. */
  readonly name: string
  /** The provider's id of it; not secret. */
  readonly clientId: string
  /** The channels that it serves. */
  readonly channels: ReadonlyArray<Channel.Channel>
  /** The secret of the settings. */
  readonly given: Credential
  /** Tries a secret without spending anything of a customer's. */
  readonly attempt: (credential: Credential) => Effect.Effect<TestResult>
  /** Asks the provider to make a new secret, which it sends elsewhere. Absent where it offers no such call. */
  readonly requestRotation?: (
    credential: Credential
  ) => Effect.Effect<void, Failure.Temporary | Failure.ApplicationRejected | Failure.RequestRefused>
}

/** A provider's notice about a secret. */
export type Notice =
  | {
      readonly _tag: "NewSecret"
      readonly clientId: string
      readonly secret: Secret
      readonly endsAt: DateTime.Utc
      /** When the secret before stops working. */
      readonly previousEndsAt: DateTime.Utc
    }
  | { readonly _tag: "Expiry"; readonly clientId: string; readonly endsAt: DateTime.Utc }

/** The applications of this installation. */
export interface ApplicationsPort {
  readonly all: ReadonlyArray<Application>
  /** Reads a message of a provider; nothing when it is no notice about a secret. */
  readonly readNotice: (message: unknown) => Notice | undefined
}

/** The applications of this installation; none unless an app names them. */
export const Applications: Context.Reference<ApplicationsPort> = Context.Reference<ApplicationsPort>(
  "@portolan/ports/driven/Applications",
  { defaultValue: () => ({ all: [], readNotice: () => undefined }) }
)

/** What adapters ask for the secrets of an application, each time they send one. */
export interface SecretSource {
  /**
   * The secrets to try in this order; never fails. `renew` asks for what is stored now, after every one was refused;
   * else the answer may be some seconds old.
   */
  readonly candidates: (applicationId: string, renew?: boolean) => Effect.Effect<ReadonlyArray<Credential>>
  /** Says that the provider accepted one after it had refused others in the same request. */
  readonly report: (
    applicationId: string,
    seen: { readonly accepted: Credential; readonly refused: ReadonlyArray<Credential>; readonly detail: string }
  ) => Effect.Effect<void>
}

/** A source of secrets that never change: those of the settings. */
export const fixed = (...credentials: ReadonlyArray<Credential>): SecretSource => ({
  candidates: () => Effect.succeed(credentials),
  report: () => Effect.void
})
