/** The calls of the control API about worlds among many. */
import { Schema } from "effect"
import { addresses } from "../core/Hosts.ts"
import type { OneWorld, Simulator, WorldOrder } from "../core/SimulatorApi.ts"
import type { World } from "../core/World.ts"
import { NotUnderstood } from "./accept.ts"
import { hint } from "./nearest.ts"
import { type Operation, read, write } from "./Operation.ts"
import { policy } from "./policySchema.ts"

const name = Schema.NonEmptyString.check(Schema.isMaxLength(200))

const order = Schema.Struct({
  id: Schema.optionalKey(name),
  preset: Schema.optionalKey(name),
  seed: Schema.optionalKey(Schema.Union([Schema.String, Schema.Finite])),
  clock: Schema.optionalKey(Schema.Union([Schema.Literal("real"), Schema.Struct({ manual: name })])),
  policy: Schema.optionalKey(policy),
  returnUrls: Schema.optionalKey(Schema.Array(name)),
  idleMinutes: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThan(0))),
  snapshot: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown))
})

const fork = Schema.Struct({ id: Schema.optionalKey(name) })

/** How a world is reached, and with what. */
const show = ({ id, simulator }: OneWorld, base: string) => {
  const world = simulator.world()
  const { clientId, clientSecret, returnUrls, spApplicationId } = simulator.application()
  const shop = simulator.walmartApplication()
  return {
    id,
    preset: world.preset,
    seed: world.seed,
    now: new Date(simulator.now()).toISOString(),
    base: `${base}/~${id}`,
    control: `${base}/_sim/worlds/${id}`,
    addresses: addresses(`${base}/~${id}`),
    application: { clientId, clientSecret, spApplicationId, returnUrls },
    people: Object.values(world.people).map((person) => ({ id: person.id, name: person.name, role: person.role })),
    walmart: {
      partner: simulator.walmartPartner(),
      application: { clientId: shop.clientId, clientSecret: shop.clientSecret, redirectUris: shop.redirectUris }
    }
  }
}

const missing = (simulator: Simulator, id: string): NotUnderstood => {
  const known = hint(
    id,
    simulator.worlds.list().map((one) => one.id)
  )
  return new NotUnderstood(
    `there is no world ${id.slice(0, 60)}${known === "" ? ", and no other either" : `: ${known}`}`
  )
}

/** The calls. */
export const operations: ReadonlyArray<Operation> = [
  write(
    "/worlds",
    {
      id: "createWorld",
      summary: "Makes a world that shares nothing with the others; answers its addresses and credentials",
      body: order
    },
    (simulator, { base, body: { snapshot, ...rest } }) => {
      const state = snapshot === undefined ? {} : { state: snapshot as unknown as World }
      return show(simulator.worlds.create({ ...(rest as WorldOrder), ...state }), base)
    }
  ),
  read("GET", "/worlds", { id: "getWorlds", summary: "Every world among many, oldest first" }, (simulator, { base }) =>
    simulator.worlds.list().map((one) => show(one, base))
  ),
  write(
    "/worlds/{world}/fork",
    { id: "forkWorld", summary: "Makes a world that is as another is now; reached by its path or header", body: fork },
    (simulator, { base, body, path: { world = "" } }) => {
      if (simulator.worlds.find(world) === undefined) throw missing(simulator, world)
      return show(simulator.worlds.fork(world, body.id), base)
    }
  ),
  read(
    "DELETE",
    "/worlds/{world}",
    { id: "endWorld", summary: "Ends a world" },
    (simulator, { path: { world = "" } }) => {
      if (!simulator.worlds.end(world)) throw missing(simulator, world)
      return {}
    }
  )
]
