/** Identifiers, random tokens and digests: everything that must not be guessed or must be the same again. */
import type { Id } from "@portolan/domain"
import { Context, type Effect, type Redacted } from "effect"

/** What a derived secret is for; the same input gives unrelated secrets for different purposes. */
export type Purpose =
  | "link-token"
  | "join-token"
  | "plan-token"
  | "api-key"
  | "code-verifier"
  | "state"
  | "browser"
  | "cursor-seal"
  | "session"
  | "preview"
  | "typed-text"

/** Makes identifiers and secrets. */
export class Secrets extends Context.Service<
  Secrets,
  {
    /** A new identifier. Unique, sortable by time, not secret. */
    readonly id: <K extends Id.Kind>(kind: K) => Effect.Effect<Id.ByKind[K]>

    /**
     * 256 random bits, base64url. For `state` and browser bindings.
     *
     * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-10.10
     */
    readonly token: Effect.Effect<Redacted.Redacted<string>>

    /**
     * 256 bits derived from the deployment's secret, base64url: the same purpose and input always give the same. Lets a
     * link or a code verifier be shown again without being stored anywhere.
     */
    readonly derive: (purpose: Purpose, input: string) => Effect.Effect<Redacted.Redacted<string>>

    /** SHA-256, hexadecimal. What is stored in place of a token. */
    readonly digest: (text: Redacted.Redacted<string>) => Effect.Effect<string>

    /**
     * The code challenge of a code verifier: base64url of its SHA-256.
     *
     * @see https://www.rfc-editor.org/rfc/rfc7636.html#section-4.2
     */
    readonly codeChallenge: (verifier: Redacted.Redacted<string>) => Effect.Effect<string>

    /** A random number in [0, 1), to scatter waits. */
    readonly unit: Effect.Effect<number>
  }
>()("@portolan/ports/driven/Secrets") {}
