/**
 * A provider's notice about a secret of an application: a new one is stored sealed, tried, and used when the provider
 * accepts it; else the one before stays in use, and it is tried again. The same notice may come many times, and late.
 */
import { ApplicationSecret, ApplicationWords, type Refused } from "@portolan/domain"
import { Effect, Result } from "effect"
import type { Application, Notice } from "../../driven/Applications.ts"
import type { Deps } from "../shared/deps.ts"
import { credentialOf, orRefuse } from "./changeSecrets.ts"
import { change, refuse, type VaultError } from "./stored.ts"

type SecretDeps = Deps<"applications" | "vault">
type State = ApplicationSecret.State
const { words } = ApplicationWords

/** Tries the secret that waits for the provider's word, and uses it when it is accepted. */
export const tryPending = Effect.fnUntraced(function* (deps: SecretDeps, application: Application, pending: Pending) {
  const tested = yield* application.attempt(credentialOf(pending))
  return yield* change(deps, application, (state, at) => {
    const now = ApplicationSecret.tried(state, pending.number, { ...tested, at })
    if (tested.outcome !== "accepted" || now.pending?.number !== pending.number) return Effect.succeed(now)
    return orRefuse("promote", now, ApplicationSecret.promote(now, application, false))
  })
})

type Pending = NonNullable<State["pending"]>

const store = (deps: SecretDeps, application: Application, notice: Extract<Notice, { readonly _tag: "NewSecret" }>) =>
  change(deps, application, (state, at) => {
    const { endsAt, previousEndsAt: currentEndsAt, secret } = notice
    const known = ApplicationSecret.find(state, secret)
    if (known !== undefined) return Effect.succeed(ApplicationSecret.endsAt(state, known.number, endsAt))
    const added = { secret, source: "provider", endsAt, currentEndsAt, promotesItself: true } as const
    const result = ApplicationSecret.add(state, added, application, at)
    return Result.isFailure(result) && result.failure === "older"
      ? Effect.succeed(state)
      : orRefuse("receive", state, result)
  })

/** Takes a message of a provider. Gives the application and its secrets as they are then. */
export const receive = Effect.fn("ApplicationSecrets.receive")(function* (
  deps: SecretDeps,
  message: unknown
): Effect.fn.Return<{ readonly application: Application; readonly state: State }, VaultError | Refused.Refused> {
  const notice = deps.applications.readNotice(message)
  if (notice === undefined) return yield* refuse("receive", "contradiction", words.badNotice, words.badNoticeNext)
  const application = deps.applications.all.find(({ clientId }) => clientId === notice.clientId)
  if (application === undefined)
    return yield* refuse("receive", "contradiction", words.foreignNotice, words.foreignNoticeNext)
  if (notice._tag === "Expiry") {
    const state = yield* change(deps, application, (state) =>
      Effect.succeed(ApplicationSecret.announceEnd(state, notice.endsAt))
    )
    return { application, state }
  }
  const stored = yield* store(deps, application, notice)
  const { pending } = stored
  const isNew =
    pending !== undefined && pending.promotesItself && ApplicationSecret.find(stored, notice.secret) === pending
  return { application, state: isNew ? yield* tryPending(deps, application, pending) : stored }
})
