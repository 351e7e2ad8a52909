/** How everything gets under the active key, and how far that is. */
import type { Id } from "@portolan/domain"
import { Duration, Effect } from "effect"
import type { KeyUse, Unopened } from "../../driven/VaultKeys.ts"
import type { Deps } from "../shared/deps.ts"

type KeyDeps = Deps<"vaultKeys">

/** Secrets that are sealed anew in one round, and tried in one. */
const roundSize = 500

/** After so many rounds without progress, with a pause between them, what is left cannot be sealed anew. */
const patience = 4
const pause = Duration.millis(250)

/** How often a worker looks whether something is to be sealed anew. */
export const lookEvery = Duration.minutes(1)

/** How the keys stand. */
export interface KeyStatus {
  readonly keys: ReadonlyArray<KeyUse>
  /** Keys that something hangs on, and that are not at hand. */
  readonly missing: ReadonlyArray<KeyUse>
  /** Secrets that are not under the active key. */
  readonly behind: number
  /** Keys at hand that nothing hangs on and that seal nothing: they can be retired. */
  readonly retirable: ReadonlyArray<string>
}

/** How far sealing anew came. */
export interface Progress {
  readonly rewrapped: number
  readonly remaining: number
  /** What cannot be sealed anew; `status` and `verify` say why. */
  readonly stuck: number
}

const hangs = ({ dataKeys, secrets }: KeyUse) => dataKeys > 0 || secrets > 0

const statusOf = (keys: ReadonlyArray<KeyUse>): KeyStatus => {
  const behind = keys.filter(({ state }) => state !== "active").reduce((sum, { secrets }) => sum + secrets, 0)
  return {
    keys,
    missing: keys.filter((key) => key.state === "missing" && hangs(key)),
    behind,
    retirable: keys.filter((key) => key.state === "opens-only" && !hangs(key)).map(({ keyId }) => keyId)
  }
}

/** Every key, and what hangs on it. */
export const status = Effect.fn("MasterKeys.status")(({ vaultKeys }: KeyDeps) => Effect.map(vaultKeys.status, statusOf))

/** The same, counted up to `VaultKeys.countLimit`: it costs the same however many secrets there are. */
export const look = Effect.fn("MasterKeys.look")(({ vaultKeys }: KeyDeps) => Effect.map(vaultKeys.look, statusOf))

/** Seals everything anew that can be. */
export const rewrapAll = Effect.fn("MasterKeys.rewrapAll")(function* (
  { vaultKeys }: KeyDeps,
  onRound: (progress: Progress) => Effect.Effect<void> = () => Effect.void
) {
  let rewrapped = 0
  let idleRounds = 0
  while (true) {
    const round = yield* vaultKeys.rewrap(roundSize)
    rewrapped += round.rewrapped
    const progress: Progress = { rewrapped, remaining: round.remaining, stuck: round.stuck }
    yield* onRound(progress)
    if (round.remaining === 0) return progress
    // What another process is at just now looks stuck, and is not.
    idleRounds = round.remaining > round.stuck || round.rewrapped > 0 ? 0 : idleRounds + 1
    if (idleRounds === patience) return progress
    if (idleRounds > 0) yield* Effect.sleep(pause)
  }
})

/** Tries every secret. */
export const verify = Effect.fn("MasterKeys.verify")(function* (
  { vaultKeys }: KeyDeps,
  onStep: (tried: number) => Effect.Effect<void> = () => Effect.void
) {
  let opened = 0
  const unopened: Array<Unopened> = []
  let after: string | undefined
  do {
    const step = yield* vaultKeys.verify(roundSize, after)
    opened += step.opened
    unopened.push(...step.unopened)
    after = step.next
    yield* onStep(opened + unopened.length)
  } while (after !== undefined)
  return { opened, unopened }
})

/** Destroys what is left of an organization. */
export const shred = ({ vaultKeys }: KeyDeps, organizationId: Id.OrganizationId) => vaultKeys.shred(organizationId)

/** Looks every minute. A store or ring that is away is tried again. */
export const watch = (deps: KeyDeps): Effect.Effect<never> =>
  rewrapAll(deps).pipe(
    Effect.flatMap(({ rewrapped, stuck }) =>
      Effect.andThen(
        rewrapped > 0
          ? Effect.logInfo("secrets were sealed anew with the active master key", { rewrapped })
          : Effect.void,
        stuck > 0 ? Effect.logError("secrets cannot be sealed anew: run the key status", { stuck }) : Effect.void
      )
    ),
    Effect.catch((error) => Effect.logWarning("the keys could not be looked at", error.message)),
    Effect.andThen(Effect.sleep(lookEvery)),
    Effect.forever
  )
