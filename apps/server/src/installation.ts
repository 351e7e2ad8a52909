/**
 * Every port and use case of an installation, without web front ends: what a worker, or any other program, starts
 * from.
 */
import { Effect, Layer } from "effect"
import * as DeploymentSecrets from "./DeploymentSecrets.ts"
import { database, portolan } from "./layers.ts"
import type { Settings } from "./Settings.ts"
import * as simulated from "./simulated.ts"

/** Finds or starts the simulated providers; nothing with the real ones. */
export const provider = Effect.fnUntraced(function* (settings: Settings) {
  if (settings.PROVIDER === "live") return undefined
  if (settings.SIMULATOR_URL === undefined) return yield* simulated.start(settings)
  return yield* simulated.connect(settings.SIMULATOR_URL)
})

/**
 * Opens database and adapters; they close with the scope. No browser is sent anywhere, so the origin only completes the
 * layers. `mayGenerate`: whether missing secrets are made, which is right for an installation of its own only.
 */
export const installation = Effect.fnUntraced(function* (settings: Settings, mayGenerate: boolean) {
  const secrets = yield* DeploymentSecrets.load(settings, mayGenerate)
  const simulator = yield* provider(settings)
  const origin = settings.ORIGIN ?? `http://${settings.HOST}:${settings.PORT}`
  return yield* Layer.build(
    portolan({ settings, secrets, origin, simulated: simulator }).pipe(Layer.provideMerge(database(settings)))
  )
})
