/**
 * A running simulator: it owns one world and a clock, and answers requests. The same object serves in process, through
 * mock handlers and over HTTP.
 */
import * as Action from "./Action.ts"
import * as ConsentWalk from "./ConsentWalk.ts"
import * as Control from "./Control.ts"
import * as Fault from "./Fault.ts"
import * as Hosts from "./Hosts.ts"
import * as Html from "./Html.ts"
import type { Options, Simulator } from "./SimulatorApi.ts"
import * as Preset from "../presets/Preset.ts"
import * as presets from "../presets/index.ts"
import { step } from "./step.ts"
import type { WireReply, WireRequest } from "./Wire.ts"
import * as Wire from "./Wire.ts"
import * as WalmartAccess from "../walmart/Access.ts"
import { addAdvertiser } from "../walmart/Happening.ts"
import { privateKey } from "../walmart/testKey.ts"
import * as Worlds from "./World.ts"
import type { Clock, World } from "./World.ts"

export type { Options, Simulator, WalmartPartner } from "./SimulatorApi.ts"

const initialClock = (clock: Options["clock"]): Clock => {
  if (clock === undefined || clock === "real") return { mode: "real", offset: 0, last: Date.now() }
  if (typeof clock === "function") return { mode: "real", offset: 0, last: clock() }
  const last = new Date(clock.manual).getTime()
  if (!Number.isFinite(last)) throw new RangeError("the manual clock needs a valid instant")
  return { mode: "manual", last }
}

const initial = (options: Options): World => {
  const seed = String(options.seed ?? "1")
  const preset = typeof options.preset === "object" ? options.preset : presets.find(options.preset ?? "demo")
  if (preset === undefined) {
    throw new RangeError(
      `there is no preset ${String(options.preset)}; there are ${presets.all.map((one) => one.id).join(", ")}`
    )
  }
  return Preset.build(preset, seed, initialClock(options.clock), options.policy, options.returnUrls)
}

/** A copy that shares nothing that ever changes: journal entries are written once. */
const copy = (world: World): World => ({ ...structuredClone({ ...world, journal: [] }), journal: [...world.journal] })

const check = (state: World): World => {
  if (state.format !== 1) {
    throw new RangeError(`a snapshot of format ${String(state.format)} cannot be read; this is format 1`)
  }
  const missing = Object.keys(Worlds.empty("", "", { mode: "manual", last: 0 })).filter(
    (key) => key !== "walmart" && !Object.hasOwn(state, key)
  )
  if (missing.length > 0) throw new RangeError(`the snapshot lacks ${missing.join(", ")}`)
  const world = copy(state)
  if (Object.hasOwn(state, "walmart")) return world
  // Kept before Walmart was simulated: it goes on with what its preset has there now.
  return Preset.withWalmart(presets.find(state.preset), { ...world, policy: { ...Worlds.policy, ...world.policy } })
}

/** A world to go on from, with the return addresses of this start added. */
const resumed = (state: World, returnUrls: ReadonlyArray<string>): World => {
  const world = check(state)
  for (const url of returnUrls) Action.run(world, { kind: "return-url", url }, world.clock.last)
  return world
}

const front = (simulator: Simulator, base: string): WireReply => {
  const addresses = Hosts.addresses(base)
  const { clientId, spApplicationId } = simulator.application()
  return Wire.page(
    200,
    Html.index("Provider simulator", Object.values(simulator.world().people), [
      ["Consent", `${addresses.loginPage.NA}/ap/oa`],
      ["Token", `${addresses.login.NA}/auth/o2/token`],
      ["Ads API", addresses.ads.NA],
      ["Selling Partner API", addresses.sellingPartner.NA],
      ["Client id", clientId],
      ["Selling Partner application id", spApplicationId ?? "none"],
      ["Walmart login", `${addresses.walmartLogin}/authorize`],
      ["Walmart Marketplace API", addresses.walmart],
      ["Walmart Connect API", addresses.walmartConnect],
      ["Walmart advertising console", `${addresses.walmartConsole}/`],
      ["Control", `${base}/_sim/world`]
    ])
  )
}

/** Makes a simulator. Throws `RangeError` for an unknown preset, a broken clock or a snapshot of another format. */
export const make = (options: Options = {}): Simulator => {
  let world = options.state === undefined ? initial(options) : resumed(options.state, options.returnUrls ?? [])
  const real = typeof options.clock === "function" ? options.clock : Date.now
  const changed = options.onChange ?? (() => {})
  const now = () => Action.now(world.clock, real)
  const act: Simulator["act"] = (action, afterMilliseconds) => {
    if (afterMilliseconds !== undefined) {
      if (!(afterMilliseconds >= 0)) throw new RangeError("time does not run backwards")
      Action.schedule(world, now() + afterMilliseconds, action)
      changed()
      return 1
    }
    const touched = Action.run(world, action, now())
    changed()
    return touched
  }
  const answer = (request: WireRequest): WireReply => {
    const reply = step(world, request, now())
    changed()
    return reply
  }
  const simulator: Simulator = {
    answer,
    now,
    act,
    world: () => world,
    fetch: (request) => Control.serve(simulator, front, request),
    advance: (milliseconds) => {
      if (!(milliseconds >= 0 && Number.isFinite(milliseconds))) throw new RangeError("time does not run backwards")
      const target = now() + milliseconds
      if (world.clock.mode === "real") world.clock.offset += milliseconds
      world.clock.last = target
      Action.runDue(world, target)
      changed()
      return target
    },
    revoke: (which) =>
      typeof which === "string"
        ? act({
            kind: "revoke",
            ...(Object.hasOwn(world.grants, which) || Object.hasOwn(world.walmart.grants, which)
              ? { grant: which }
              : { person: which })
          })
        : act({ kind: "revoke", ...which }),
    setPermission: (person, profile, access) => act({ kind: "permission", person, profile, access }),
    addCampaign: (profile) => act({ kind: "activate-advertising", profile }),
    failReports: (count) => {
      world.failingReports = Math.max(0, Math.floor(count))
      changed()
    },
    registerReturnUrl: (url) => act({ kind: "return-url", url }),
    walk: (order) => ConsentWalk.walk(simulator.fetch, order),
    consent: async (order) => {
      const outcome = await ConsentWalk.walk(simulator.fetch, order)
      if (outcome.kind === "callback") return outcome.url
      throw new ConsentWalk.NoCallback(outcome)
    },
    application: () => {
      const first = Object.values(world.applications)[0]
      if (first === undefined) throw new Error("the world has no application")
      return first
    },
    walmartPartner: () => {
      const partner = WalmartAccess.ours(world)
      if (partner === undefined) throw new Error("the world has no Walmart partner")
      const { id, name, consumerId, authToken } = partner
      return { id, name, consumerId, authToken, keyVersion: "1", privateKey }
    },
    walmartApplication: () => {
      const first = Object.values(world.walmart.applications)[0]
      if (first === undefined) throw new Error("the world has no Walmart application")
      return first
    },
    walmartAdvertiser: (idOrName) => {
      const found = WalmartAccess.find(world, idOrName)
      if (found === undefined) throw new RangeError(`there is no single Walmart advertiser ${idOrName}`)
      return found
    },
    walmartSeller: (idOrName) => {
      const found =
        Wire.own(world.walmart.sellers, idOrName) ??
        Object.values(world.walmart.sellers).find((seller) => seller.name === idOrName)
      if (found === undefined) throw new RangeError(`there is no Walmart seller ${idOrName}`)
      return found
    },
    setWalmartAccess: (advertiser, access, partner) =>
      act({ kind: "walmart-access", advertiser, access, ...(partner === undefined ? {} : { partner }) }),
    addWalmartAdvertiser: (order) => {
      const made = addAdvertiser(world, order)
      changed()
      return made
    },
    setWalmartSpendLimit: (advertiser, reached) => act({ kind: "walmart-spend-limit", advertiser, reached }),
    person: (id) => {
      const person = Wire.own(world.people, id)
      if (person === undefined) throw new RangeError(`there is nobody with the id ${id}`)
      return person
    },
    journal: () => world.journal,
    arm: (order) => {
      const { id } = Fault.arm(world, order)
      changed()
      return id
    },
    disarm: (id) => {
      world.faults = id === undefined ? [] : world.faults.filter((fault) => fault.id !== id)
      changed()
    },
    reset: () => {
      world = initial(options)
      changed()
    },
    snapshot: () => copy(world),
    restore: (state) => {
      world = check(state)
      changed()
    }
  }
  return simulator
}
