/**
 * One interleaving: the steps of an honest tenant, a forging tenant and a forging guest of the honest one, in an order
 * that a seed decides, two of them at once now and then.
 */
import { Connection } from "@portolan/domain"
import { Effect, type Layer } from "effect"
import { feeds, judge, type Outcome } from "./judge.ts"
import { type Plan, type Step } from "./plan.ts"
import { authenticate, choose, follow, look, open, seenBy, stateOf } from "./tenant.ts"
import { type Scene } from "./scene.ts"
import { make, sellerId, type Variant, type World } from "./world.ts"

type Here = Layer.Success<World["layer"]>

/** Ids and instants differ between runs although nothing else does. */
const plain = (value: unknown): string =>
  (JSON.stringify(value) ?? "")
    .replaceAll(/\b[a-z]{3}_[0-9A-Za-z]{26}\b/g, "id")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "instant")
    .replaceAll(/"[0-9a-f]{64}"/g, '"digest"')

const attempt = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.match(effect, {
    onSuccess: (value): unknown => value,
    onFailure: (error): unknown => ({ failed: String(error) })
  })

/** Goes to the provider under the victim's id, and remembers the consent that comes of it. */
const remembering = <A extends { readonly authorization: object | undefined }, E, R>(
  { forged }: Scene,
  effect: Effect.Effect<A, E, R>
) =>
  Effect.tap(effect, ({ authorization }) =>
    Effect.sync(() => {
      if (authorization !== undefined && "grantId" in authorization) forged.add(String(authorization.grantId))
    })
  )

const ownersAct = ({ owner, world }: Scene, act: string): Effect.Effect<unknown, unknown, Here> => {
  if (act === "connect") return authenticate(world, owner, { channel: "amazon-sp", as: "olga" })
  return act === "choose" ? choose(owner, true) : look(owner, "amazon-sp")
}

const forgersAct = (scene: Scene, act: string): Effect.Effect<unknown, unknown, Here> => {
  const { forger, victim, world } = scene
  switch (act) {
    case "forge":
      return remembering(scene, authenticate(world, forger, { channel: "amazon-sp", as: "mallory", forged: victim }))
    case "honest":
      return authenticate(world, forger, { channel: "amazon-sp", as: "mallory" })
    case "see-advertising":
      return authenticate(world, forger, { channel: "amazon-ads", as: "mallory" })
    case "choose":
      return choose(forger, true)
    default:
      return look(forger, "amazon-sp")
  }
}

/** A guest of the seller's account: only where it was bound before, for a first consent is all that there is. */
const guestsAct = (scene: Scene, act: string): Effect.Effect<unknown, unknown, Here> =>
  Effect.gen(function* () {
    const { guest, victim, world } = scene
    const { connection } = yield* stateOf(guest, "amazon-sp")
    if (!Connection.isLinked(connection)) return undefined
    // The owner's colleague chooses, and confirms no warning.
    if (act === "choose") return yield* choose(guest, false)
    return yield* remembering(scene, follow(world, guest, { channel: "amazon-sp", as: "mallory", forged: victim }))
  })

const perform = (scene: Scene, { act, who }: Step): Effect.Effect<unknown, unknown, Here> => {
  switch (who) {
    case "owner":
      return ownersAct(scene, act)
    case "forger":
      return forgersAct(scene, act)
    case "guest":
      return guestsAct(scene, act)
    case "weather":
      return Effect.sync(() => void (scene.world.outage.isOn = act === "outage"))
  }
}

/** Puts the parties of a plan into a world. */
const sceneOf = Effect.fnUntraced(function* (plan: Plan, world: World, victim: string) {
  const owner = yield* open(1)
  const forger = yield* open(2)
  return { world, plan, owner, guest: { ...owner }, forger, victim, forged: new Set<string>() } satisfies Scene
})

/** Carries out a plan. `withOwner`: whether the seller is a customer at all; without, it and its guest do nothing. */
export const run = (plan: Plan, variant: Variant, withOwner: boolean): Effect.Effect<Outcome> => {
  const seed = `identity-${plan.seed}`
  const world = make({ seed, mayAsk: plan.mayAsk, variant })
  return Effect.gen(function* () {
    const scene: Scene = yield* sceneOf(plan, world, sellerId(seed, "olga"))
    const observations: Array<string> = []
    const fed: Array<string> = []
    for (const group of plan.groups) {
      const here = group.filter(({ who }) => withOwner || who === "forger" || who === "weather")
      yield* Effect.forEach(
        here,
        (step) =>
          Effect.map(attempt(perform(scene, step)), (came) => {
            if (step.who === "forger") observations.push(`${step.act}: ${plain(came)}`)
          }),
        { concurrency: "unbounded" }
      )
      observations.push(plain(yield* seenBy(scene.forger)))
      fed.push(...(yield* feeds(scene)))
    }
    const { blocked, bound } = yield* judge(scene, withOwner)
    return { blocked, bound: [...fed, ...bound], observations }
  }).pipe(Effect.provide(world.layer), Effect.scoped, Effect.orDie)
}
