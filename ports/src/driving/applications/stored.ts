/**
 * The secrets of an application in the vault: one sealed document under the installation, so that secret, dates and
 * what operators got notice of change together. It is sealed like the tokens of customers, with a data key of the
 * installation, and it changes by compare and swap: of two that change it at once the slower one decides again.
 */
import { ApplicationSecret, ApplicationWords, Id, Messages, Refusal, type Refused } from "@portolan/domain"
import { DateTime, Effect, Redacted, Result, Schema } from "effect"
import type { Application } from "../../driven/Applications.ts"
import type { KeyUnavailable, SecretCorrupted, TokenVault } from "../../driven/TokenVault.ts"
import { VaultUnavailable } from "../../driven/TokenVault.ts"
import type { Deps } from "../shared/deps.ts"

type State = ApplicationSecret.State
const { words } = ApplicationWords

const Document = Schema.fromJsonString(ApplicationSecret.State)
const decode = Schema.decodeUnknownResult(Document)
const encode = Schema.encodeSync(Document)

/** What reading and changing the secrets of an application may fail with. */
export type VaultError = VaultUnavailable | KeyUnavailable | SecretCorrupted

/** The document of an application. */
export const referenceOf = ({ id }: Pick<Application, "id">): string => `application/${id}`

/** Refuses in words of `ApplicationWords`. */
export const refuse = (
  command: string,
  reason: Refused.Reason,
  detail: string,
  nextStep: string
): Effect.Effect<never, Refused.Refused> =>
  Effect.fail(
    Refusal.make("Application", command, reason, {
      detail: Messages.verbatim(detail),
      nextStep: Messages.verbatim(nextStep)
    })
  )

interface Read {
  readonly state: State
  /** The version in the vault; nothing for a document that is not stored yet. */
  readonly version: number | undefined
}

const addedOf = ({ given }: Application): ApplicationSecret.Added => ({ ...given, source: "settings" })

/** Reads the document; where there is none, what the settings say. */
export const read = Effect.fnUntraced(function* (
  { vault }: Deps<"vault">,
  application: Application
): Effect.fn.Return<Read, VaultError | Refused.Refused> {
  const stored = yield* vault
    .get(Id.installation, referenceOf(application))
    .pipe(Effect.catchTag("SecretNotFound", () => Effect.succeed(undefined)))
  if (stored === undefined) {
    const at = yield* DateTime.now
    return { state: ApplicationSecret.seed(addedOf(application), application, at), version: undefined }
  }
  const decoded = decode(Redacted.value(stored.secret))
  // The error of the Schema would carry the document.
  if (Result.isFailure(decoded))
    return yield* refuse("read", "not-possible-now", words.unreadable, words.unreadableNext)
  return { state: decoded.success, version: stored.version }
})

const tooLong = () => refuse("store", "contradiction", words.tooLong, words.tooLongNext)
const stale = () => Effect.succeed(false)

/** Stores a document unless another one was stored meanwhile; says whether it did. */
const write = (vault: TokenVault["Service"], application: Application, version: number | undefined, next: State) => {
  const secret = Redacted.make(encode(next))
  const reference = referenceOf(application)
  const refusals = { SecretUnacceptable: tooLong, ReferenceUnacceptable: tooLong } as const
  if (version === undefined) {
    return vault
      .create(Id.installation, reference, secret)
      .pipe(Effect.as(true), Effect.catchTags({ ...refusals, SecretExists: stale }))
  }
  return vault
    .compareAndSwap(Id.installation, reference, version, secret)
    .pipe(
      Effect.as(true),
      Effect.catchTags({ SecretUnacceptable: tooLong, StaleVersion: stale, SecretNotFound: stale, Fenced: stale })
    )
}

/** Times that a change decides again when others change the same document. */
const attempts = 20

/** Decides on the document, stores what came of it, and gives it. The same document is not stored again. */
export const change = Effect.fnUntraced(function* <E>(
  { vault }: Deps<"vault">,
  application: Application,
  decide: (state: State, at: DateTime.Utc) => Effect.Effect<State, E>
): Effect.fn.Return<State, VaultError | Refused.Refused | E> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { state, version } = yield* read({ vault }, application)
    const next = yield* decide(state, yield* DateTime.now)
    if (next === state && version !== undefined) return state
    if (yield* write(vault, application, version, next)) return next
    // Somebody else was faster, so there is progress; the next try decides on what they stored.
    yield* Effect.yieldNow
  }
  return yield* refuse("change", "not-possible-now", words.busy, words.busyNext)
})

/** Stores what the settings say where nothing is stored, and follows a change of the settings. */
export const seedAll = Effect.fn("Applications.seed")(function* (deps: Deps<"applications" | "vault">) {
  yield* Effect.forEach(
    deps.applications.all,
    (application) =>
      change(deps, application, (state, at) =>
        Effect.succeed(ApplicationSecret.follow(state, addedOf(application), application, at))
      ),
    { discard: true }
  )
})
