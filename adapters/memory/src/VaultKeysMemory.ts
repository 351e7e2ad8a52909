/** Nothing is sealed in memory, so no secret hangs on a key. Destroying an organization's keys forgets its secrets. */
import { VaultKeys } from "@portolan/ports"
import { Effect, HashMap, Layer } from "effect"
import { Memory, read, tenant, withTenant, write } from "./Memory.ts"

const shred = (memory: Memory["Service"]): VaultKeys.VaultKeys["Service"]["shred"] =>
  Effect.fn("VaultKeys.shred")((organizationId) =>
    write(memory, (contents) => {
      const own = tenant(contents, organizationId)
      const held = [...HashMap.values(own.vault)].filter(({ secret }) => secret !== undefined).length
      const emptied = HashMap.map(own.vault, ({ fence, updatedAt, version }) => ({ fence, updatedAt, version }))
      return [{ secrets: held, stillOpening: [] }, withTenant(contents, organizationId, { ...own, vault: emptied })]
    })
  )

/** Over `Memory`. */
export const layer: Layer.Layer<VaultKeys.VaultKeys, never, Memory> = Layer.effect(
  VaultKeys.VaultKeys,
  Effect.map(Memory, (memory) =>
    VaultKeys.VaultKeys.of({
      status: Effect.succeed([]),
      look: Effect.succeed([]),
      rewrap: () => Effect.succeed({ rewrapped: 0, remaining: 0, stuck: 0 }),
      verify: () =>
        read(memory, (contents) => ({
          opened: [...HashMap.values(contents.tenants)]
            .flatMap(({ vault }) => [...HashMap.values(vault)])
            .filter(({ secret }) => secret !== undefined).length,
          unopened: []
        })),
      shred: shred(memory)
    })
  )
)
