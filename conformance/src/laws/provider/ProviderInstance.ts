import type { DataClass, Profile } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import type * as Effect from "effect/Effect"
import type { Instance } from "../../Subject.ts"

/** What an adapter of a provider offers to its callers. */
export type ProviderService = ProviderApi.ProviderApi["Service"]

/** What the provider answers. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A request as the provider saw it. */
export interface Seen {
  readonly url: string
  /** The headers as lines, and the body: where secrets may be. */
  readonly content: string
  /** Whether the client would follow a redirect by itself, headers and all. */
  readonly followsRedirects: boolean
}

/** The provider's end of the line. */
export interface Wire {
  /** Lets every request from now on get this answer. */
  readonly answer: (reply: Reply) => Effect.Effect<void>
  /** Every request so far, in order. */
  readonly requests: () => Effect.Effect<ReadonlyArray<Seen>>
}

/** Hooks into the adapter. */
export interface ProviderProbes {
  readonly wire?: Wire
}

/** One channel of the adapter, with what a case needs to call it. */
export interface ChannelCase {
  readonly consent: Omit<ProviderApi.ConsentRequest, "state" | "start">
  readonly access: ProviderApi.Access
  readonly profile: Profile.Candidate
  readonly dataClass: DataClass.DataClass
  /** The query of a callback that is right in every way, with this state and this code. */
  readonly callback: (state: string, code: string) => Readonly<Record<string, string>>
  /** The answer of the token endpoint; without a refresh token when none is given. */
  readonly tokens: (given: {
    readonly access: string
    readonly refresh?: string
    readonly expiresInSeconds: number
  }) => Reply
}

/** An adapter for one case. */
export interface ProviderInstance extends Instance {
  readonly api: ProviderService
  /** Channels that people consent to; one at least. */
  readonly channels: readonly [ChannelCase, ...ReadonlyArray<ChannelCase>]
  /** The secrets of the application: nothing that leaves the adapter but a request's headers or body may hold one. */
  readonly secrets: ReadonlyArray<string>
  readonly probes: ProviderProbes
}
