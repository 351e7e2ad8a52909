/** The simulated providers and Walmart beside the server: where they are, and the credentials that they accept. */
import { join } from "node:path"
import { Deployment } from "@portolan/ports"
import { Effect, Redacted, Schedule, Schema, type Scope } from "effect"
import { listen } from "./listen.ts"
import type { Settings } from "./Settings.ts"
import { type CannotListen, FileBroken, type PortTaken, SimulatorUnreachable } from "./StartError.ts"

/** What adapters need to speak to the simulated providers. */
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
  readonly walmart: {
    readonly marketplace: { readonly clientId: string; readonly clientSecret: Redacted.Redacted<string> }
    readonly connect: {
      readonly consumerId: string
      readonly authToken: Redacted.Redacted<string>
      readonly privateKey: Redacted.Redacted<string>
      readonly keyVersion: string
    }
  }
  /** Allows the callbacks of this installation, as registering them with the providers would. */
  readonly register: (origin: string) => Effect.Effect<void, SimulatorUnreachable>
}

/** How this software names itself to the Selling Partner API. */
export const userAgent = "Portolan/0.1 (Language=TypeScript; Platform=Node.js)"

const channels = ["amazon-ads", "amazon-sp", "walmart-marketplace"] as const

const Application = Schema.Struct({
  clientId: Schema.String,
  clientSecret: Schema.String,
  spApplicationId: Schema.NullOr(Schema.String)
})
const Partner = Schema.Struct({
  consumerId: Schema.String,
  authToken: Schema.String,
  privateKey: Schema.String,
  keyVersion: Schema.String
})
const Client = Schema.Struct({ clientId: Schema.String, clientSecret: Schema.String })
const decodeWorld = Schema.decodeUnknownEffect(
  Schema.Struct({
    applications: Schema.NonEmptyArray(Application),
    walmart: Schema.Struct({ partner: Partner, applications: Schema.NonEmptyArray(Client) })
  })
)

const credentials = (
  { clientId, clientSecret, spApplicationId }: typeof Application.Type,
  partner: typeof Partner.Type,
  shop: typeof Client.Type
) => {
  const client = { clientId, clientSecret: Redacted.make(clientSecret) }
  const { authToken, consumerId, keyVersion, privateKey } = partner
  return {
    ads: client,
    sp: { ...client, applicationId: spApplicationId ?? "", draft: false, userAgent },
    walmart: {
      marketplace: { clientId: shop.clientId, clientSecret: Redacted.make(shop.clientSecret) },
      connect: { consumerId, keyVersion, authToken: Redacted.make(authToken), privateKey: Redacted.make(privateKey) }
    }
  }
}

/**
 * Starts the simulated providers on a port of their own, with a world that lives in the data folder and survives a
 * restart.
 */
export const start = (
  settings: Settings
): Effect.Effect<Simulated, PortTaken | CannotListen | FileBroken, Scope.Scope> =>
  Effect.gen(function* () {
    const file = join(settings.DATA_DIR, "simulator.json")
    const half = settings.SIMULATOR_REPORT_SECONDS / 2
    const persistent = yield* Effect.acquireRelease(
      Effect.tryPromise({
        // By this address nothing of msw comes with it, and nothing of the simulator without it.
        try: async () => (await import("@portolan/simulator/SimulatorFile")).open(file, { preset: "demo" }),
        catch: (cause) => new FileBroken({ file, because: cause instanceof Error ? cause.message : String(cause) })
      }),
      ({ close }) => Effect.promise(close)
    )
    const { simulator } = persistent
    simulator.act({
      kind: "policy",
      policy: {
        adsReport: { pendingSeconds: half, processingSeconds: half },
        spReport: { queuedSeconds: half, processingSeconds: half },
        walmartSnapshot: { pendingSeconds: half, processingSeconds: half },
        walmartReport: { pendingSeconds: half, processingSeconds: half }
      }
    })
    const { url } = yield* listen("127.0.0.1", settings.SIMULATOR_PORT, "SIMULATOR_PORT", () => simulator.fetch)
    return {
      url,
      ...credentials(simulator.application(), simulator.walmartPartner(), simulator.walmartApplication()),
      register: (origin) =>
        Effect.sync(() => {
          for (const channel of channels) simulator.registerReturnUrl(Deployment.callbackUri(origin, channel))
          simulator.registerLoginUri(Deployment.loginUri(origin, "amazon-sp"))
          simulator.registerLoginUri(Deployment.loginUri(origin, "walmart-marketplace"), "walmart")
        })
    }
  })

/** Uses simulated providers that run as their own process, and asks them for their credentials. */
export const connect = (url: string): Effect.Effect<Simulated, SimulatorUnreachable> =>
  Effect.gen(function* () {
    const control = (path: string, body?: unknown) =>
      Effect.tryPromise({
        try: async () => {
          const answer = await fetch(
            new URL(path, url),
            body === undefined
              ? {}
              : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
          )
          if (!answer.ok) throw new Error(`it answered ${answer.status}`)
          return await answer.json()
        },
        catch: (cause) =>
          new SimulatorUnreachable({ url, because: cause instanceof Error ? cause.message : String(cause) })
        // Every call may be made twice. A connection that was kept open meanwhile may be closed when it is used.
      }).pipe(Effect.retry({ times: 3, schedule: Schedule.spaced("100 millis") }))
    const world = yield* Effect.mapError(Effect.flatMap(control("/_sim/world"), decodeWorld), (cause) =>
      cause._tag === "SimulatorUnreachable"
        ? cause
        : new SimulatorUnreachable({ url, because: "its answer is not that of a simulator" })
    )
    return {
      url: url.replace(/\/+$/, ""),
      ...credentials(world.applications[0], world.walmart.partner, world.walmart.applications[0]),
      register: (origin) =>
        Effect.gen(function* () {
          for (const channel of channels) {
            yield* control("/_sim/return-url", { url: Deployment.callbackUri(origin, channel) })
          }
          yield* control("/_sim/login-uri", { url: Deployment.loginUri(origin, "amazon-sp") })
          const url = Deployment.loginUri(origin, "walmart-marketplace")
          yield* control("/_sim/login-uri", { url, provider: "walmart" })
        })
    }
  })
