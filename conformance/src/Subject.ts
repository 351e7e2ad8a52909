/**
 * An adapter under test, as its author describes it to the suite.
 *
 * The description lives in the author's test code, never in the adapter. Its heart is `open`, which makes what many
 * cases share (a database, a schema), and gives back the effect that makes one fresh, isolated instance for one case.
 */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** One isolated adapter for one case. What else it carries depends on the port. */
export interface Instance {
  /** Hooks that see or do more than the port allows. Laws that need one that is left out are not verified. */
  readonly probes: object
  /** What the running adapter claims, where the port lets it say so. Has to agree with the manifest. */
  readonly features?: ReadonlySet<string>
}

/** What an adapter says about itself. */
export interface Manifest {
  /** The optional features it claims, such as `durable`; laws of other features do not apply to it. */
  readonly features: ReadonlyArray<string>
  /**
   * Whether its time comes from Effect's `Clock` (the suite can then move it) or from its store (the suite then needs
   * the probe `advance` to check laws about deadlines).
   */
  readonly clock: "effect" | "store"
  /**
   * Why a probe cannot exist for this kind of storage. Only `dump`, `tamper` and `crash` can be attested; their laws
   * then count, listed apart.
   */
  readonly attested?: Readonly<Record<string, string>>
  /**
   * Why a need (`overlap`, `restart`, ...) is not met by design. The laws stay not verified and the adapter is not
   * conformant, but the run does not end in an error because of them.
   */
  readonly notVerified?: Readonly<Record<string, string>>
}

/** An adapter under test. */
export interface Subject<I extends Instance> {
  readonly name: string
  readonly version: string
  /**
   * Says where its work is done. What is `in-process` is run by a seeded scheduler on virtual time; what is `outside`
   * (a database) is run on real time, with real clients in races.
   */
  readonly place: "in-process" | "outside"
  readonly manifest: Manifest
  readonly open: Effect.Effect<Effect.Effect<I, unknown, Scope.Scope>, unknown, Scope.Scope>
}
