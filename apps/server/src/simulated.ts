/** The simulated Amazon beside the server: where it is, and the credentials that it accepts. */
import { join } from "node:path"
import { Deployment } from "@portolan/ports"
import { SimulatorFile } from "@portolan/simulator"
import { Effect, Redacted, Schema, type Scope } from "effect"
import { listen } from "./listen.ts"
import type { Settings } from "./Settings.ts"
import { type CannotListen, FileBroken, type PortTaken, SimulatorUnreachable } from "./StartError.ts"

/** What an adapter needs to speak to a simulated Amazon. */
export interface Simulated {
  readonly url: string
  readonly ads: { readonly clientId: string; readonly clientSecret: Redacted.Redacted<string> }
  readonly sp: {
    readonly applicationId: string
    readonly clientId: string
    readonly clientSecret: Redacted.Redacted<string>
    readonly draft: boolean
    readonly userAgent: string
  }
  /** Allows the callbacks of this installation, as registering them with Amazon would. */
  readonly register: (origin: string) => Effect.Effect<void>
}

/** How this software names itself to the Selling Partner API. */
export const userAgent = "Portolan/0.1 (Language=TypeScript; Platform=Node.js)"

const channels = ["amazon-ads", "amazon-sp"] as const

const Application = Schema.Struct({
  clientId: Schema.String, clientSecret: Schema.String, spApplicationId: Schema.NullOr(Schema.String)
})
const decodeWorld = Schema.decodeUnknownEffect(Schema.Struct({ applications: Schema.NonEmptyArray(Application) }))

const credentials = ({ clientId, clientSecret, spApplicationId }: typeof Application.Type) => {
  const client = { clientId, clientSecret: Redacted.make(clientSecret) }
  return { ads: client, sp: { ...client, applicationId: spApplicationId ?? "", draft: false, userAgent } }
}

/** Starts a simulated Amazon on its own port, with a world that lives in the data folder and survives a restart. */
export const start = (settings: Settings): Effect.Effect<Simulated, PortTaken | CannotListen | FileBroken, Scope.Scope> =>
  Effect.gen(function*() {
    const file = join(settings.DATA_DIR, "simulator.json")
    const half = settings.SIMULATOR_REPORT_SECONDS / 2
    const persistent = yield* Effect.acquireRelease(
      Effect.tryPromise({
        try: () => SimulatorFile.open(file, { preset: "demo" }),
        catch: (cause) => new FileBroken({ file, because: cause instanceof Error ? cause.message : String(cause) })
      }),
      ({ close }) => Effect.promise(close)
    )
    const { simulator } = persistent
    simulator.act({ kind: "policy", policy: {
      adsReport: { pendingSeconds: half, processingSeconds: half }, spReport: { queuedSeconds: half, processingSeconds: half }
    } })
    const { url } = yield* listen("127.0.0.1", settings.SIMULATOR_PORT, "SIMULATOR_PORT", () => simulator.fetch)
    return {
      url, ...credentials(simulator.application()),
      register: (origin) => Effect.sync(() => {
        for (const channel of channels) simulator.registerReturnUrl(Deployment.callbackUri(origin, channel))
      })
    }
  })

/** Uses a simulated Amazon that runs as its own process, and asks it for its credentials. */
export const reach = (url: string): Effect.Effect<Simulated, SimulatorUnreachable> =>
  Effect.gen(function*() {
    const ask = (path: string, body?: unknown) => Effect.tryPromise({
      try: async () => {
        const answer = await fetch(new URL(path, url), body === undefined ? {} : {
          method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body)
        })
        if (!answer.ok) throw new Error(`it answered ${answer.status}`)
        return await answer.json() as unknown
      },
      catch: (cause) => new SimulatorUnreachable({ url, because: cause instanceof Error ? cause.message : String(cause) })
    })
    const world = yield* Effect.mapError(
      Effect.flatMap(ask("/_sim/world"), decodeWorld),
      (cause) => cause._tag === "SimulatorUnreachable" ? cause
        : new SimulatorUnreachable({ url, because: "its answer is not that of a simulator" })
    )
    return {
      url: url.replace(/\/+$/, ""), ...credentials(world.applications[0]),
      register: (origin) => Effect.ignore(Effect.forEach(channels, (channel) =>
        ask("/_sim/return-url", { url: Deployment.callbackUri(origin, channel) })))
    }
  })
