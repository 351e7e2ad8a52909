/** The scripted provider, with a record of what a provider would notice: tokens that are spent and windows that load. */
import { ProviderApiMemory } from "@portolan/memory"
import { ProviderApi } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"

/** What the provider saw. */
export interface Ledger {
  calls: number
  refreshes: number
  /** Refresh tokens that were spent with success; a second time is a double refresh. */
  readonly spent: Set<string>
  doubled: number
  /** How often each window of a profile was given out. */
  readonly windows: Map<string, number>
}

/** An empty ledger. */
export const ledger = (): Ledger => ({ calls: 0, refreshes: 0, spent: new Set(), doubled: 0, windows: new Map() })

const counting = (own: ProviderApi.ProviderApi["Service"], seen: Ledger): ProviderApi.ProviderApi["Service"] => {
  const call = Effect.sync(() => void (seen.calls += 1))
  return {
    ...own,
    exchange: (request) => Effect.andThen(call, own.exchange(request)),
    prove: (access) => Effect.andThen(call, own.prove(access)),
    discover: (access) => Effect.andThen(call, own.discover(access)),
    inspect: (access, about) => Effect.andThen(call, own.inspect(access, about)),
    revoke: (request) => Effect.andThen(call, own.revoke(request)),
    refresh: (request) =>
      call.pipe(
        Effect.andThen(own.refresh(request)),
        Effect.tap(() =>
          Effect.sync(() => {
            const token = Redacted.value(request.refreshToken)
            seen.refreshes += 1
            if (seen.spent.has(token)) seen.doubled += 1
            seen.spent.add(token)
          })
        )
      ),
    load: (access, request) =>
      call.pipe(
        Effect.andThen(own.load(access, request)),
        Effect.tap((answer) =>
          Effect.sync(() => {
            if (answer._tag !== "Rows") return
            const { dataClass, from, profile, until } = request
            const key = `${profile.key.externalId} ${dataClass} ${from} ${until}`
            seen.windows.set(key, (seen.windows.get(key) ?? 0) + 1)
          })
        )
      )
  }
}

/** The provider that the script plays, and its ledger. */
export const layer = (seen: Ledger) =>
  Layer.effect(
    ProviderApi.ProviderApi,
    Effect.map(ProviderApi.ProviderApi, (own) => counting(own, seen))
  ).pipe(Layer.provide(ProviderApiMemory.layer))
