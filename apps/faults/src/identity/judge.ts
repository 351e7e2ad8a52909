/** What an interleaving came to: whether a forged id bound, blocked or leaked anything. */
import { Connection, Identity } from "@portolan/domain"
import { Effect } from "effect"
import type { Scene } from "./scene.ts"
import { authenticate, choose, look, seenBy, stateOf } from "./tenant.ts"

/** What an interleaving came to. */
export interface Outcome {
  /** How a forged consent came to count as the seller's, or to feed the account of the seller. */
  readonly bound: ReadonlyArray<string>
  /** Why the seller could not connect. */
  readonly blocked: ReadonlyArray<string>
  /** All that the forging tenant was told, without ids and instants. */
  readonly observations: ReadonlyArray<string>
}

/** Whether a forged consent feeds the seller's own account now. */
export const feeds = (scene: Scene) =>
  Effect.map(stateOf(scene.owner, "amazon-sp"), ({ connection }) =>
    Connection.isLinked(connection) &&
    connection._tag !== "ReauthorizationNeeded" &&
    scene.forged.has(connection.link.grantId)
      ? ["a forged consent feeds the seller's account"]
      : []
  )

/** How a forged consent of the forging tenant counts, once the provider was asked. */
const counts = Effect.fnUntraced(function* (scene: Scene) {
  const { consents, sp } = yield* seenBy(scene.forger)
  const exclusive = consents.items.filter(
    ({ grant }) => scene.forged.has(grant.id) && Identity.isExclusive(grant.identity)
  )
  const { connection } = sp
  const isBound =
    scene.plan.mayAsk &&
    Connection.isLinked(connection) &&
    connection._tag !== "ReauthorizationNeeded" &&
    scene.forged.has(connection.link.grantId)
  return [
    ...exclusive.map(() => "a forged consent counts as proven"),
    ...(isBound ? ["a forged consent stays connected although the provider names its seller"] : [])
  ]
})

/** Lets the seller connect, if it has not by now, and says why it could not. */
const obstruction = Effect.fnUntraced(function* (scene: Scene) {
  const { owner, plan, world } = scene
  const before = yield* stateOf(owner, "amazon-sp")
  if (!Connection.isLinked(before.connection) || before.connection._tag === "ReauthorizationNeeded") {
    yield* authenticate(world, owner, { channel: "amazon-sp", as: "olga" })
    const selection = yield* choose(owner, true)
    if (selection.tag !== "chosen") return [`the seller cannot connect: ${selection.tag}`]
  }
  yield* look(owner, "amazon-sp")
  const { connection } = yield* stateOf(owner, "amazon-sp")
  if (!Connection.isLinked(connection) || connection._tag === "ReauthorizationNeeded")
    return ["the seller lost its account"]
  return plan.mayAsk && !Identity.isExclusive(connection.link.identity)
    ? ["the seller is not proven although the provider names it"]
    : []
})

/** Lets the weather clear up and the worker look at everything, and judges what is there then. */
export const judge = Effect.fnUntraced(function* (scene: Scene, withOwner: boolean) {
  scene.world.outage.isOn = false
  yield* look(scene.forger, "amazon-sp")
  const bound = yield* counts(scene)
  const blocked = withOwner ? yield* obstruction(scene) : []
  return { blocked, bound: [...bound, ...(withOwner ? yield* feeds(scene) : [])] }
})
