/** What operators do with the secrets of an application: set, try, promote, retire, and ask for a new one. */
import { ApplicationSecret, ApplicationWords, type Failure, given, type Refused } from "@portolan/domain"
import { DateTime, Duration, Effect, Result } from "effect"
import type { Application, Credential } from "../../driven/Applications.ts"
import type { Deps } from "../shared/deps.ts"
import { change, read, refuse, type VaultError } from "./stored.ts"

type SecretDeps = Deps<"applications" | "vault">
type State = ApplicationSecret.State
const { words } = ApplicationWords

const obstacles: {
  readonly [O in ApplicationSecret.Obstacle]: (state: State) => readonly [Refused.Reason, string, string]
} = {
  known: () => ["already-exists", words.known, words.knownNext],
  older: () => ["already-used", words.older, words.olderNext],
  "another-pending": () => ["already-exists", words.anotherPending, words.anotherPendingNext],
  "nothing-pending": () => ["does-not-exist", words.nothingPending, words.nothingPendingNext],
  "nothing-previous": () => ["does-not-exist", words.nothingPrevious, words.nothingPreviousNext],
  "not-accepted": ({ pending }) => [
    "needs-confirmation",
    words.notAccepted({ detail: pending?.tested?.detail ?? words.neverTried }),
    words.notAcceptedNext
  ]
}

/** Turns an obstacle into a refusal. */
export const orRefuse = (
  command: string,
  state: State,
  result: Result.Result<State, ApplicationSecret.Obstacle>
): Effect.Effect<State, Refused.Refused> =>
  Result.isSuccess(result) ? Effect.succeed(result.success) : refuse(command, ...obstacles[result.failure](state))

/** The application of a name, a channel or a client id; the only one where the name is left out. */
export const applicationOf = ({ applications: { all } }: Deps<"applications">, name: string) => {
  const found = all.find(
    (one) => one.name === name || one.clientId === name || one.channels.some((channel) => channel === name)
  )
  return found === undefined
    ? refuse("find", "does-not-exist", words.unknown({ names: all.map((one) => one.name) }), words.chooseOne)
    : Effect.succeed(found)
}

/** What a request needs of a stored secret. */
export const credentialOf = ({ label, secret }: ApplicationSecret.Version): Credential => given({ secret, label })

/** Tries the secret that waits, or the one that is used, and puts the outcome on record. */
const attempt = Effect.fnUntraced(function* (
  deps: SecretDeps,
  application: Application,
  version: ApplicationSecret.Version
) {
  const tested = yield* application.attempt(credentialOf(version))
  return yield* change(deps, application, (state, at) =>
    Effect.succeed(ApplicationSecret.tried(state, version.number, { ...tested, at }))
  )
})

/** An operator's new secret. */
export interface NewSecret extends Credential {
  readonly endsAt?: DateTime.Utc
}

/** Stores a new secret beside the one that is used, and tries it. */
export const set = Effect.fn("ApplicationSecrets.set")(function* (
  deps: SecretDeps,
  name: string,
  added: NewSecret
): Effect.fn.Return<State, VaultError | Refused.Refused> {
  const application = yield* applicationOf(deps, name)
  const next = yield* change(deps, application, (state, at) =>
    orRefuse(
      "set",
      state,
      ApplicationSecret.add(state, { ...added, source: "operator", promotesItself: false }, application, at)
    )
  )
  return next.pending === undefined ? next : yield* attempt(deps, application, next.pending)
})

/** Tries the secret that waits, and uses it when the provider accepts it or the operator insists. */
export const promote = Effect.fn("ApplicationSecrets.promote")(function* (
  deps: SecretDeps,
  name: string,
  insists: boolean
): Effect.fn.Return<State, VaultError | Refused.Refused> {
  const application = yield* applicationOf(deps, name)
  const { state } = yield* read(deps, application)
  const { pending } = state
  if (pending !== undefined) yield* attempt(deps, application, pending)
  return yield* change(deps, application, (now) =>
    // Of two that promote at once, the second one finds it done.
    pending !== undefined && now.current.number === pending.number
      ? Effect.succeed(now)
      : orRefuse("promote", now, ApplicationSecret.promote(now, application, insists))
  )
})

/** Forgets the secret before, or the one that waits. */
export const retire = Effect.fn("ApplicationSecrets.retire")(function* (
  deps: SecretDeps,
  name: string,
  which: "previous" | "pending"
): Effect.fn.Return<State, VaultError | Refused.Refused> {
  const application = yield* applicationOf(deps, name)
  return yield* change(deps, application, (state) => orRefuse("retire", state, ApplicationSecret.retire(state, which)))
})

/** How long a request for a new secret keeps others from asking: the provider's notice takes a while. */
const rotationPause = Duration.minutes(10)

type RotationError = Failure.Temporary | Failure.ApplicationRejected | Failure.RequestRefused

/** Asks the provider to make a new secret; its notice brings it. Of two that ask at once one is refused. */
export const rotate = Effect.fn("ApplicationSecrets.rotate")(function* (
  deps: SecretDeps,
  name: string
): Effect.fn.Return<State, VaultError | Refused.Refused | RotationError> {
  const application = yield* applicationOf(deps, name)
  const { requestRotation } = application
  if (requestRotation === undefined)
    return yield* refuse("rotate", "not-possible-now", words.noRotation, words.noRotationNext)
  const requested = yield* change(deps, application, (state, at) => {
    const before = state.rotationRequestedAt
    const isOver = before === undefined || DateTime.isLessThan(DateTime.addDuration(before, rotationPause), at)
    return isOver
      ? Effect.succeed<State>({ ...state, rotationRequestedAt: at })
      : refuse(
          "rotate",
          "not-possible-now",
          words.rotationRequested({ at: DateTime.formatIso(before) }),
          words.rotationRequestedNext
        )
  })
  return yield* requestRotation(credentialOf(requested.current)).pipe(
    // It was not made: the next one may ask at once.
    Effect.tapError(() =>
      Effect.ignore(change(deps, application, ({ rotationRequestedAt: _, ...state }) => Effect.succeed<State>(state)))
    ),
    Effect.as(requested)
  )
})
