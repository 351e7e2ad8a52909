/**
 * A key ring over the transit engine of a key management service (HashiCorp Vault, OpenBao): master keys never leave
 * it. A version of its key is a master key, named `portolan-v3`; the latest seals, and every version from the engine's
 * `min_decryption_version` on opens. Changing the master key is the engine's `rotate`; retiring one is raising
 * `min_decryption_version`.
 * @see https://developer.hashicorp.com/vault/api-docs/secret/transit
 */
import { KeyRing, TokenVault } from "@portolan/ports"
import { Duration, Effect, Layer, Redacted, Schedule, Schema } from "effect"

/** Where the engine is, and as whom it is asked. */
export interface Options {
  /** Address of the service, e.g. `https://vault.example.com`. */
  readonly url: string
  /** A token that may read, encrypt and decrypt with the key. */
  readonly token: Redacted.Redacted<string>
  /** Name of the key: type `aes256-gcm96`, or another that takes associated data. `portolan` when left out. */
  readonly key?: string
  /** Where the engine is mounted: `transit` when left out. */
  readonly mount?: string
  /** How long an answer may take: 2 seconds when left out. A transaction of the database waits meanwhile. */
  readonly timeout?: Duration.Duration
  /** Instead of the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

/** How often the versions of the key are read again. */
const readEvery = Duration.seconds(30)

const KeyAnswer = Schema.Struct({
  data: Schema.Struct({ latest_version: Schema.Int, min_decryption_version: Schema.Int })
})
const SealedAnswer = Schema.Struct({ data: Schema.Struct({ ciphertext: Schema.String }) })
const OpenedAnswer = Schema.Struct({ data: Schema.Struct({ plaintext: Schema.String }) })

/** The engine answered, and said no. */
class Refused extends Schema.TaggedError<Refused>()("Refused", { status: Schema.Int }) {
  override get message(): string {
    return `the key management service answered ${this.status}`
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64")

const bindingOf = (place: KeyRing.Place): string => base64(Buffer.from(JSON.stringify(place)))

const versionsOf = (name: string, { latest_version: latest, min_decryption_version: first }: KeyVersions) => ({
  active: `${name}-v${latest}`,
  others: new Set(
    Array.from(
      { length: Math.max(0, latest - Math.max(1, first)) },
      (_, index) => `${name}-v${Math.max(1, first) + index}`
    )
  )
})

type KeyVersions = (typeof KeyAnswer.Type)["data"]

interface Engine {
  readonly name: string
  readonly call: <A>(
    path: "keys" | "encrypt" | "decrypt",
    answer: Schema.Codec<A, unknown>,
    body?: object
  ) => Effect.Effect<A, unknown>
}

/** One call of the engine, of at most `timeout`. */
const engineOf = ({
  fetch = globalThis.fetch,
  key: name = "portolan",
  mount = "transit",
  timeout = Duration.seconds(2),
  token,
  url
}: Options): Engine => ({
  name,
  call: (path, answer, body) =>
    Effect.gen(function* () {
      const response = yield* Effect.tryPromise((signal) =>
        fetch(new URL(`/v1/${mount}/${path}/${encodeURIComponent(name)}`, url), {
          method: body === undefined ? "GET" : "POST",
          headers: { "x-vault-token": Redacted.value(token), "content-type": "application/json" },
          signal,
          redirect: "error",
          ...(body === undefined ? {} : { body: JSON.stringify(body) })
        })
      )
      if (!response.ok) return yield* new Refused({ status: response.status })
      return yield* Schema.decodeUnknownEffect(answer)(yield* Effect.tryPromise(() => response.json()))
    }).pipe(Effect.timeout(timeout))
})

const unavailable = (doing: string) => (cause: unknown) => new KeyRing.KeyRingUnavailable({ doing, cause })

const versionOf = ({ name }: Engine, keyId: string) => Number(keyId.slice(`${name}-v`.length))

type Port = KeyRing.KeyRing["Service"]

const seal =
  (engine: Engine): Port["seal"] =>
  (keyId, place, dataKey) =>
    engine
      .call("encrypt", SealedAnswer, {
        plaintext: base64(Redacted.value(dataKey)),
        associated_data: bindingOf(place),
        key_version: versionOf(engine, keyId)
      })
      .pipe(
        Effect.map(({ data }) => new Uint8Array(Buffer.from(data.ciphertext))),
        Effect.mapError(unavailable("sealing a data key"))
      )

const open =
  (engine: Engine): Port["open"] =>
  (keyId, place, sealed) => {
    const ciphertext = Buffer.from(sealed).toString()
    // What another version sealed is not this key's, whatever the row says.
    if (!ciphertext.startsWith(`vault:v${versionOf(engine, keyId)}:`)) {
      return Effect.fail(new TokenVault.KeyUnavailable({ keyId }))
    }
    return engine.call("decrypt", OpenedAnswer, { ciphertext, associated_data: bindingOf(place) }).pipe(
      Effect.map(({ data }) => Redacted.make<Uint8Array>(Buffer.from(data.plaintext, "base64"))),
      Effect.mapError((error) =>
        // 400 is the engine's word for a text that the key does not open.
        error instanceof Refused && error.status === 400
          ? new TokenVault.KeyUnavailable({ keyId })
          : unavailable("opening a data key")(error)
      )
    )
  }

const make = Effect.fnUntraced(function* (options: Options) {
  const engine = engineOf(options)
  const versions = engine.call("keys", KeyAnswer).pipe(
    Effect.map(({ data }) => versionsOf(engine.name, data)),
    Effect.mapError(unavailable("reading the master key's versions"))
  )
  let known: KeyRing.Known = yield* versions
  const refresh = Effect.tap(versions, (next) =>
    Effect.sync(() => {
      known = next
    })
  )
  yield* refresh.pipe(
    Effect.catch((error) => Effect.logWarning(error.message)),
    Effect.repeat(Schedule.spaced(readEvery)),
    Effect.delay(readEvery),
    Effect.forkScoped
  )
  const atHand = (keyId: string) =>
    KeyRing.isKnown(known, keyId) ? Effect.void : Effect.fail(new TokenVault.KeyUnavailable({ keyId }))
  return KeyRing.KeyRing.of({
    known: () => known,
    refresh,
    // A version of the engine's key is one key for everybody: it is retired, not changed.
    destroy: () => Effect.map(refresh, ({ active, others }) => [active, ...others]),
    seal: (keyId, place, dataKey) => Effect.andThen(atHand(keyId), seal(engine)(keyId, place, dataKey)),
    open: (keyId, place, sealed) => Effect.andThen(atHand(keyId), open(engine)(keyId, place, sealed))
  })
})

/** A ring over the engine. Fails when its key cannot be read. */
export const layer = (options: Options): Layer.Layer<KeyRing.KeyRing, KeyRing.KeyRingUnavailable> =>
  Layer.effect(KeyRing.KeyRing, make(options))
