/**
 * A running simulator: it owns one world and a clock, and answers requests. The same object serves in process, through
 * mock handlers and over HTTP.
 */
import * as Action from "./Action.ts"
import * as ConsentWalk from "./ConsentWalk.ts"
import * as Control from "./Control.ts"
import { accept } from "../control/accept.ts"
import * as ActionSchema from "../control/actionSchema.ts"
import { hint } from "../control/nearest.ts"
import { none } from "../describe/Descriptions.ts"
import * as Fault from "./Fault.ts"
import * as Hosts from "./Hosts.ts"
import * as Html from "./Html.ts"
import * as ManyWorlds from "./ManyWorlds.ts"
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

const initial = (options: Options, label: string | undefined): World => {
  const seed = String(options.seed ?? "1")
  const name = typeof options.preset === "object" ? options.preset.id : (options.preset ?? "demo")
  const preset = typeof options.preset === "object" ? options.preset : presets.find(name)
  if (preset === undefined) {
    const ids = presets.all.map((one) => one.id)
    throw new RangeError(`there is no preset ${name.slice(0, 60)}: ${hint(name, ids)}`)
  }
  return Preset.build(preset, {
    seed,
    clock: initialClock(options.clock),
    ...(options.policy === undefined ? {} : { policy: options.policy }),
    ...(options.returnUrls === undefined ? {} : { returnUrls: options.returnUrls }),
    ...(label === undefined ? {} : { label })
  })
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
  // Kept before a choice was known: it has what everybody has.
  world.policy = { ...Worlds.policy, ...world.policy }
  if (Object.hasOwn(state, "walmart")) return world
  // Kept before Walmart was simulated: it goes on with what its preset has there now.
  return Preset.withWalmart(presets.find(state.preset), world)
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

/** A simulator's world and clock, and the two ways to change the world. */
interface Running {
  world: World
  readonly now: () => number
  readonly act: Simulator["act"]
  /** To be called after anything that may have changed the world. */
  readonly changed: () => void
}

const run = (options: Options, label: string | undefined): Running => {
  const real = typeof options.clock === "function" ? options.clock : Date.now
  const changed = options.onChange ?? (() => {})
  const running: Running = {
    world: options.state === undefined ? initial(options, label) : resumed(options.state, options.returnUrls ?? []),
    now: () => Action.now(running.world.clock, real),
    act: (action, afterMilliseconds) => {
      const { now, world } = running
      if (afterMilliseconds !== undefined && !(afterMilliseconds >= 0)) {
        throw new RangeError("time does not run backwards")
      }
      accept(ActionSchema.action, action)
      const touched = afterMilliseconds === undefined ? Action.run(world, action, now()) : 1
      if (afterMilliseconds !== undefined) Action.schedule(world, now() + afterMilliseconds, action)
      changed()
      return touched
    },
    changed
  }
  return running
}

type Methods<K extends keyof Simulator> = Pick<Simulator, K>

/** What happens to people, consents and reports. */
const happenings = (
  running: Running
): Methods<"revoke" | "setPermission" | "addCampaign" | "failReports" | "registerReturnUrl" | "registerLoginUri"> => ({
  revoke: (which) =>
    typeof which === "string"
      ? running.act({
          kind: "revoke",
          ...(Object.hasOwn(running.world.grants, which) || Object.hasOwn(running.world.walmart.grants, which)
            ? { grant: which }
            : { person: which })
        })
      : running.act({ kind: "revoke", ...which }),
  setPermission: (person, profile, access) => running.act({ kind: "permission", person, profile, access }),
  addCampaign: (profile) => running.act({ kind: "activate-advertising", profile }),
  failReports: (count) => {
    running.world.failingReports = Math.max(0, Math.floor(count))
    running.changed()
  },
  registerReturnUrl: (url) => running.act({ kind: "return-url", url }),
  registerLoginUri: (url, provider = "amazon") => running.act({ kind: "login-uri", url, provider })
})

/** Finding what the world holds. */
const lookups = (
  running: Running
): Methods<
  "application" | "walmartPartner" | "walmartApplication" | "walmartAdvertiser" | "walmartSeller" | "person" | "journal"
> => ({
  application: () => {
    const first = Object.values(running.world.applications)[0]
    if (first === undefined) throw new Error("the world has no application")
    return first
  },
  walmartPartner: () => {
    const partner = WalmartAccess.ours(running.world)
    if (partner === undefined) throw new Error("the world has no Walmart partner")
    const { id, name, consumerId, authToken } = partner
    return { id, name, consumerId, authToken, keyVersion: "1", privateKey }
  },
  walmartApplication: () => {
    const first = Object.values(running.world.walmart.applications)[0]
    if (first === undefined) throw new Error("the world has no Walmart application")
    return first
  },
  walmartAdvertiser: (idOrName) => {
    const found = WalmartAccess.find(running.world, idOrName)
    if (found === undefined) throw new RangeError(`there is no single Walmart advertiser ${idOrName}`)
    return found
  },
  walmartSeller: (idOrName) => {
    const found =
      Wire.own(running.world.walmart.sellers, idOrName) ??
      Object.values(running.world.walmart.sellers).find((seller) => seller.name === idOrName)
    if (found === undefined) throw new RangeError(`there is no Walmart seller ${idOrName}`)
    return found
  },
  person: (id) => {
    const person = Wire.own(running.world.people, id)
    if (person === undefined) throw new RangeError(`there is nobody with the id ${id}`)
    return person
  },
  journal: () => running.world.journal
})

/** What happens at Walmart Connect. */
const walmartHappenings = (
  running: Running
): Methods<"setWalmartAccess" | "addWalmartAdvertiser" | "setWalmartSpendLimit"> => ({
  setWalmartAccess: (advertiser, access, partner) =>
    running.act({ kind: "walmart-access", advertiser, access, ...(partner === undefined ? {} : { partner }) }),
  addWalmartAdvertiser: (order) => {
    const made = addAdvertiser(running.world, order)
    running.changed()
    return made
  },
  setWalmartSpendLimit: (advertiser, reached) => running.act({ kind: "walmart-spend-limit", advertiser, reached })
})

/** Time, faults, and the world as a whole. */
const controls = (
  running: Running,
  begun: () => World
): Methods<"advance" | "arm" | "disarm" | "reset" | "snapshot" | "restore"> => ({
  advance: (milliseconds) => {
    if (!(milliseconds >= 0 && Number.isFinite(milliseconds))) throw new RangeError("time does not run backwards")
    const { world } = running
    const target = running.now() + milliseconds
    if (world.clock.mode === "real") world.clock.offset += milliseconds
    world.clock.last = target
    Action.runDue(world, target)
    running.changed()
    return target
  },
  arm: (order) => {
    const fault = Fault.arm(running.world, order)
    running.changed()
    return { ...fault }
  },
  disarm: (id) => {
    running.world.faults = id === undefined ? [] : running.world.faults.filter((fault) => fault.id !== id)
    running.changed()
  },
  reset: () => {
    running.world = begun()
    running.changed()
  },
  snapshot: () => copy(running.world),
  restore: (state) => {
    running.world = check(state)
    running.changed()
  }
})

/** What a world among many has of the simulator that it lives in. */
type Inside = { readonly label: string; readonly worlds: ManyWorlds.Worlds }

/** How a request is answered by a simulator that breaks a rule on purpose: what happens around the answer. */
export type Around = (
  world: World,
  request: WireRequest,
  now: number,
  answer: (request: WireRequest, now: number) => WireReply
) => WireReply

const plainly: Around = (_world, request, now, answer) => answer(request, now)

const build = (options: Options, inside?: Inside, around: Around = plainly): Simulator => {
  const label = inside?.label
  const running = run(options, label)
  const descriptions = options.descriptions ?? none
  const serve: ManyWorlds.Serve = (target, request, way) => Control.serve(target, front, request, way)
  const worlds: ManyWorlds.Worlds =
    inside?.worlds ?? ManyWorlds.make(options, (own, made) => build(own, { label: made, worlds }))
  const simulator: Simulator = {
    descriptions,
    names: new Set(options.names),
    worlds,
    answer: (request) => {
      const { world } = running
      const reply = around(world, request, running.now(), (meant, now) => step(world, meant, now, descriptions))
      running.changed()
      return reply
    },
    now: running.now,
    act: running.act,
    world: () => running.world,
    fetch: (request) => {
      if (inside === undefined) return ManyWorlds.fetch({ main: simulator, worlds, serve }, request)
      const own = ManyWorlds.within(request)
      return serve(simulator, own.request, own.way)
    },
    begin: (order) => ConsentWalk.begin(simulator.fetch, order),
    walk: (order) => ConsentWalk.walk(simulator.fetch, order),
    consent: async (order) => {
      const outcome = await ConsentWalk.walk(simulator.fetch, order)
      if (outcome.kind === "callback") return outcome.url
      throw new ConsentWalk.NoCallback(outcome)
    },
    ...happenings(running),
    ...lookups(running),
    ...walmartHappenings(running),
    ...controls(running, () => initial(options, label))
  }
  return simulator
}

/** Makes a simulator. Throws `RangeError` for an unknown preset, a broken clock or a snapshot of another format. */
export const make = (options: Options = {}): Simulator => build(options)

/** Makes a simulator whose answers something stands around, for checks that have to catch it. */
export const makeAround = (options: Options, around?: Around): Simulator => build(options, undefined, around)
