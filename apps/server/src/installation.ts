/**
 * Every port and conversation of an installation, without web front ends: what a worker, or any other program, starts
 * from.
 */
import { Effect, Layer } from "effect"
import * as DeploymentSecrets from "./DeploymentSecrets.ts"
import { database, portolan } from "./layers.ts"
import type { Settings } from "./Settings.ts"
import * as simulated from "./simulated.ts"

/** Finds or starts the simulated providers; nothing with the real ones. */
export const provider = (settings: Settings) =>
  settings.PROVIDER === "live"
    ? Effect.succeed(undefined)
    : settings.SIMULATOR_URL === undefined
      ? simulated.start(settings)
      : simulated.accessScope(settings.SIMULATOR_URL)

/**
 * Opens database and adapters; they close with the scope. No browser is sent anywhere, so the origin only completes the
 * layers. `mayGenerate`: whether missing secrets are made, which is right for an installation of its own only.
 */
export const installation = Effect.fnUntraced(function* (settings: Settings, mayGenerate: boolean) {
  const secrets = yield* DeploymentSecrets.load(settings, mayGenerate)
  const amazon = yield* provider(settings)
  const origin = settings.ORIGIN ?? `http://${settings.HOST}:${settings.PORT}`
  return yield* Layer.build(
    portolan({ settings, secrets, origin, simulated: amazon }).pipe(Layer.provideMerge(database(settings)))
  )
})
