import { Id } from "@portolan/domain"
import type { TokenVault } from "@portolan/ports"
import { Clock, Duration, Effect } from "effect"
import type { Chunk, Vault, VaultInstance } from "../../laws/vault/VaultInstance.ts"
import type { Subject } from "../../Subject.ts"
import * as Keys from "./Keys.ts"
import * as ModelVault from "./ModelVault.ts"
import { faultPoints, type FaultPoints } from "./faultPoints.ts"
import * as MemoryBackend from "./MemoryBackend.ts"

/** Two identifiers that every case may use: model vaults share nothing. */
const organizations: VaultInstance["organizations"] = [
  Id.make("organization", 1, new Uint8Array(10).fill(1)),
  Id.make("organization", 2, new Uint8Array(10).fill(2))
]

/** How a mutant departs from the model. */
export interface Deviation {
  readonly faultPoints?: Partial<FaultPoints>
  /** What it claims, if not all that the model does. */
  readonly features?: ReadonlySet<TokenVault.VaultFeature>
  /** Where a service takes the time from, given the clock of the storage. */
  readonly clock?: (own: Clock.Clock) => Effect.Effect<number>
  /** Makes each service on the storage: one for the instance, one a client, one a reopening. */
  readonly wrap?: (vault: Vault, model: ModelVault.Model) => Vault
}

const chunksOf = (backend: MemoryBackend.MemoryBackend): ReadonlyArray<Chunk> => [
  ...[...backend.rows.values()].flatMap((row) => [
    { where: `row ${row.reference} body`, bytes: row.seal.body },
    { where: `row ${row.reference} nonce`, bytes: row.seal.nonce },
    { where: `row ${row.reference} rest`, bytes: Buffer.from(JSON.stringify({ ...row, seal: row.seal.keyId })) }
  ]),
  ...backend.leftovers
]

const instance = (deviation: Deviation, clock: Clock.Clock): VaultInstance => {
  const model: ModelVault.Model = {
    backend: MemoryBackend.make(),
    keys: Keys.make(),
    faultPoints: { ...faultPoints, ...deviation.faultPoints },
    features: deviation.features ?? ModelVault.features,
    now: (deviation.clock ?? ((own) => own.currentTimeMillis))(clock)
  }
  const { backend, keys } = model
  const wrap = deviation.wrap ?? ((vault: Vault) => vault)
  const open = () => wrap(ModelVault.make(model), model)
  const keyOf = model.faultPoints.place
  return {
    vault: open(),
    features: model.features,
    organizations,
    probes: {
      advance: (millis) => clock.sleep(Duration.millis(millis)),
      clients: (count) => Effect.sync(() => Array.from({ length: count }, open)),
      reopen: () => Effect.sync(open),
      dump: () => Effect.sync(() => chunksOf(backend)),
      tamper: {
        read: (organizationId, reference) =>
          Effect.sync(() => {
            const row = backend.rows.get(keyOf(organizationId, reference))
            if (row === undefined) return {}
            return { keyId: Buffer.from(row.seal.keyId), nonce: row.seal.nonce, body: row.seal.body }
          }),
        write: (organizationId, reference, sealed) =>
          Effect.sync(() => {
            const key = keyOf(organizationId, reference)
            const row = backend.rows.get(key)
            if (row === undefined) return
            const keyId = sealed["keyId"] === undefined ? row.seal.keyId : Buffer.from(sealed["keyId"]).toString()
            const seal = { keyId, nonce: sealed["nonce"] ?? row.seal.nonce, body: sealed["body"] ?? row.seal.body }
            backend.rows.set(key, { ...row, seal })
          })
      },
      keys: {
        rotate: () => Effect.sync(() => Keys.rotate(keys)),
        withdraw: (keyId) => Effect.sync(() => Keys.move(keys.held, keys.withdrawn, keyId)),
        restore: (keyId) => Effect.sync(() => Keys.move(keys.withdrawn, keys.held, keyId)),
        active: () => Effect.sync(() => keys.active)
      },
      crash: {
        arm: (call, side) => Effect.sync(() => void Object.assign(backend.trap, { call, side, struck: false })),
        disarm: () =>
          Effect.sync(() => {
            const { struck } = backend.trap
            Object.assign(backend.trap, { call: 0, struck: false })
            return struck
          })
      },
      outage: (count) => Effect.sync(() => void (backend.trap.away = count))
    }
  }
}

/** Makes the model vault, or one that departs from it, a subject. */
export const modelSubject = (name: string, deviation: Deviation = {}): Subject<VaultInstance> => ({
  name,
  version: "1",
  place: "in-process",
  manifest: { features: [...(deviation.features ?? ModelVault.features)], clock: "store" },
  open: Effect.succeed(Clock.clockWith((clock) => Effect.sync(() => instance(deviation, clock))))
})
