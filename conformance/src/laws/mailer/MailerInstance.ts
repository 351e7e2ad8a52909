import type { Id } from "@portolan/domain"
import type { Mailer } from "@portolan/ports"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Instance } from "../../Subject.ts"

/** What a mailer offers to its callers. */
export type MailerService = Mailer.Mailer["Service"]

/** A mail as it came out on the other side. */
export interface Delivered {
  /** The addresses it was handed over for. */
  readonly to: ReadonlyArray<string>
  /** The names of its headers, in small letters, each as often as it is there. */
  readonly headers: ReadonlyArray<string>
  /** By what a receiver recognises the second copy (https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4). */
  readonly messageId: string
  readonly subject: string
  readonly text: string
}

/** How the other side answers from now on. */
export type Answer = "accepts" | "refuses the recipient" | "is busy" | "hangs up"

/** Hooks into the mailer. Each is optional; what is left out makes the laws that need it not verified. */
export interface MailerProbes {
  /** Opens independent clients of the same mailer. */
  readonly clients?: (count: number) => Effect.Effect<ReadonlyArray<MailerService>, unknown, Scope.Scope>
  /** Everything that came out on the other side, in order. */
  readonly outbox?: () => Effect.Effect<ReadonlyArray<Delivered>, unknown>
  /** Tells the other side how to answer from now on. */
  readonly server?: (answer: Answer) => Effect.Effect<void, unknown>
}

/**
 * A mailer for one case. Its manifest claims the feature `keeps` when it keeps mails to be read, and `sends` when it
 * really sends them.
 */
export interface MailerInstance extends Instance {
  readonly mailer: MailerService
  readonly organizations: readonly [Id.OrganizationId, Id.OrganizationId]
  readonly probes: MailerProbes
}
