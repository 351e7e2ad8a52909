/** How each kind of start is played, and what it came to: landed on the right record, or refused in words. */
import { Connection, Id, Identity } from "@portolan/domain"
import { Effect, type Layer, Result } from "effect"
import type { Kind } from "./door.ts"
import type { Start } from "./plan.ts"
import * as Steps from "./steps.ts"
import type { World } from "./world.ts"

type Here = Layer.Success<World["layer"]>

/** What became of a start. `wrong` says in words what should not have happened. */
export type Outcome = "landed" | "refused" | { readonly wrong: string }

/** Who acts: our organization, and the one that has the rival's seller. */
export interface Scene {
  readonly world: World
  readonly home: Steps.Tenant
  readonly rival: Steps.Tenant
}

type Played = Effect.Effect<Outcome, unknown, Here>

const wrong = (words: string): Outcome => ({ wrong: words })

/** Words for a person that say nothing of the rival. */
const isNeutral = ({ rival }: Scene, words: string): boolean =>
  words.trim() !== "" && !/rita|rival/i.test(words) && !words.includes(rival.caller.organizationId)

/** Whether an effect is refused, with the reason in words. */
const refusal = <A, R>(scene: Scene, effect: Effect.Effect<A, unknown, R>): Effect.Effect<Outcome, never, R> =>
  Effect.map(Effect.result(effect), (result) => {
    if (Result.isSuccess(result)) return wrong("it was not refused")
    const failure = result.failure
    return failure instanceof Error && isNeutral(scene, failure.message) ? "refused" : wrong(String(failure))
  })

/** The connection that a start is for: the one that the seller landed on, or a new account's. */
const targetOf = Effect.fnUntraced(function* ({ home, world }: Scene, begun: Steps.Begun) {
  const view = yield* Steps.look(world.door, home, begun.query)
  const known = home.landed.get(world.idOf(begun.seller))
  if (view.isDraft !== world.door.isDraft) return yield* Effect.fail("a draft is not seen as one")
  const [first, ...more] = view.renewable
  if (world.door.sellerParameter === undefined) {
    if (known === undefined) return yield* Steps.openAccount(world, home, `Account of ${begun.seller}`)
    const isOffered = view.others.some(({ connection }) => connection.id === known)
    return isOffered ? known : yield* Effect.fail("what is connected is not offered")
  }
  if (known !== undefined) {
    return first?.connection.id === known && more.length === 0
      ? known
      : yield* Effect.fail("a known seller is not matched by its id")
  }
  if (first !== undefined) return yield* Effect.fail("a seller is matched that nobody proved")
  return yield* Steps.openAccount(world, home, `Account of ${begun.seller}`)
})

/** Whether a connection is bound to a seller by a proof, and is the one that the seller had before. */
const landing = Effect.fnUntraced(function* ({ home, world }: Scene, { seller }: Steps.Begun, id: Id.ConnectionId) {
  const sellerId = world.idOf(seller)
  const connection = yield* Steps.connectionOf(home, id)
  if (!Connection.isLinked(connection) || connection._tag === "ReauthorizationNeeded") return wrong("not connected")
  if (connection.link.profile.key.externalId !== sellerId) return wrong("another seller's record")
  if (!Identity.isExclusive(connection.link.identity)) return wrong("the seller is not proven")
  const before = home.landed.get(sellerId)
  if (before !== undefined && before !== id) return wrong("another record than before")
  home.landed.set(sellerId, id)
  return "landed"
})

const finish = Effect.fnUntraced(function* (scene: Scene, begun: Steps.Begun, id: Id.ConnectionId) {
  const returned = yield* Steps.goOn(scene.world, scene.home, begun, id)
  const handled = yield* Steps.comeBack(scene.world.door, returned.callback, returned.browser)
  if (handled._tag !== "Handled") return wrong(`a callback was ${handled._tag}`)
  yield* Steps.choose(scene.home, returned.authorizationId)
  return yield* landing(scene, begun, id)
})

const lands = (scene: Scene, { seller }: Start): Played =>
  Effect.gen(function* () {
    const begun = yield* Steps.begin(scene.world, seller)
    return yield* finish(scene, begun, yield* targetOf(scene, begun))
  })

/** Somebody of ours begins for the rival's seller: it looks like one that nobody has, and is not bound. */
const foreign = (scene: Scene, { seller }: Start): Played =>
  Effect.gen(function* () {
    const { home, world } = scene
    const begun = yield* Steps.begin(world, seller)
    const view = yield* Steps.look(world.door, home, begun.query)
    const nobodys = new URLSearchParams(begun.query)
    if (world.door.sellerParameter !== undefined) nobodys.set(world.door.sellerParameter, world.door.nobody)
    const { grantor: _one, ...seen } = view
    const { grantor: _other, ...unknown } = yield* Steps.look(world.door, home, nobodys)
    if (JSON.stringify(seen) !== JSON.stringify(unknown)) return wrong("a stranger sees that it is a customer")
    const id = yield* Steps.openAccount(world, home, "Account of a stranger")
    const returned = yield* Steps.goOn(world, home, begun, id)
    yield* Steps.comeBack(world.door, returned.callback, returned.browser)
    return yield* refusal(scene, Steps.choose(home, returned.authorizationId))
  })

/** Two starts at once, and every callback twice: one record all the same. */
const twice = (scene: Scene, { seller }: Start): Played =>
  Effect.gen(function* () {
    const { home, world } = scene
    const begun = yield* Steps.begin(world, seller)
    const id = yield* targetOf(scene, begun)
    const both = { concurrency: "unbounded" } as const
    const returned = yield* Effect.all(
      [1, 2].map(() => Steps.goOn(world, home, begun, id)),
      both
    )
    const callbacks = [...returned, ...returned].map(({ browser, callback }) =>
      Steps.comeBack(world.door, callback, browser)
    )
    const tags = (yield* Effect.all(callbacks, both)).map(({ _tag }) => _tag)
    if (tags.filter((tag) => tag === "Handled").length !== 2) return wrong(`callbacks were ${tags.join(", ")}`)
    yield* Effect.all(
      returned.map(({ authorizationId }) => Effect.result(Steps.choose(home, authorizationId))),
      both
    )
    return yield* landing(scene, begun, id)
  })

/** A start that is left on the way, and one that is not. */
const resumed = (scene: Scene, { draw, seller }: Start): Played =>
  Effect.gen(function* () {
    const { home, world } = scene
    const left = yield* Steps.begin(world, seller)
    const id = yield* targetOf(scene, left)
    if (draw > 0.3) {
      const returned = yield* Steps.goOn(world, home, left, id)
      if (draw > 0.6) yield* Steps.comeBack(world.door, returned.callback, returned.browser)
    }
    return yield* finish(scene, yield* Steps.begin(world, seller), id)
  })

/** A start whose query was changed; it is refused before anybody is sent anywhere. */
const changed = (scene: Scene, { draw, kind, seller }: Start): Played =>
  Effect.gen(function* () {
    const { home, world } = scene
    const begun = yield* Steps.begin(world, seller)
    const query = new URLSearchParams(begun.query)
    world.door.changes[kind]?.(query, draw)
    const seen = yield* refusal(scene, Steps.look(world.door, home, query))
    const own = [...home.landed.values()][0] ?? Id.ConnectionId.make(`con_${"0".repeat(26)}`)
    const gone = yield* refusal(scene, Steps.goOn(world, home, { ...begun, query }, own))
    return seen === "refused" ? gone : seen
  })

/** A start with an address that is nobody's: it counts for nothing, and the browser goes to the provider alone. */
const passedOver = (scene: Scene, { draw, kind, seller }: Start): Played =>
  Effect.gen(function* () {
    const { home, world } = scene
    const begun = yield* Steps.begin(world, seller)
    const id = yield* targetOf(scene, begun)
    const query = new URLSearchParams(begun.query)
    world.door.changes[kind]?.(query, draw)
    const { url } = yield* Steps.goOn(world, home, { ...begun, query }, id)
    if (/evil/.test(url.href)) return wrong("an address that anybody may write is followed")
    return yield* finish(scene, { ...begun, query }, id)
  })

/** The log-in address names our own seller, or none, and another one consents for our connection. */
const claimedSeller = (scene: Scene, { seller }: Start): Played =>
  Effect.gen(function* () {
    const { home, world } = scene
    const { sellerParameter } = world.door
    const begun = yield* Steps.begin(world, seller)
    if (sellerParameter !== undefined) begun.query.set(sellerParameter, world.idOf("olga"))
    const view = yield* Steps.look(world.door, home, begun.query)
    const own = home.landed.get(world.idOf("olga"))
    const offered = sellerParameter === undefined ? view.others : view.renewable
    const id = offered.find(({ connection }) => connection.id === own)?.connection.id
    if (id === undefined) return wrong("a known seller is not offered")
    const returned = yield* Steps.goOn(world, home, begun, id)
    yield* Steps.comeBack(world.door, returned.callback, returned.browser)
    return yield* refusal(scene, Steps.choose(home, returned.authorizationId))
  })

/** A callback in which a parameter names somebody else. */
const forged = Effect.fnUntraced(function* (scene: Scene, seller: Start["seller"], name: string, value: string) {
  const { home, world } = scene
  const id = yield* Steps.openAccount(world, home, "Account of a forger")
  const returned = yield* Steps.goOn(world, home, yield* Steps.begin(world, seller), id)
  returned.callback.set(name, value)
  const handled = yield* Steps.comeBack(world.door, returned.callback, returned.browser)
  if (handled._tag !== "Handled" || handled.authorization._tag !== "Failed") return wrong("a forged callback counts")
  return handled.authorization.detail === "" ? wrong("it says nothing") : "refused"
})

/** Another browser, or one without a cookie, brings the callback. */
const otherBrowser = (scene: Scene, { draw, seller }: Start): Played =>
  Effect.gen(function* () {
    const { home, world } = scene
    const begun = yield* Steps.begin(world, seller)
    const id = yield* targetOf(scene, begun)
    const [mine, other] = [yield* Steps.goOn(world, home, begun, id), yield* Steps.goOn(world, home, begun, id)]
    const stolen = yield* Steps.comeBack(world.door, mine.callback, draw < 0.5 ? other.browser : undefined)
    return stolen._tag === "BrowserMismatch" ? "refused" : wrong(`another browser's callback was ${stolen._tag}`)
  })

const played: { readonly [K in Kind]: (scene: Scene, start: Start) => Played } = {
  renew: lands,
  new: lands,
  foreign,
  twice,
  resumed,
  "passed-over": passedOver,
  "missing-parameter": changed,
  "malformed-seller": changed,
  "foreign-address": changed,
  "other-application": changed,
  "claimed-seller": claimedSeller,
  // Another seller consents, and the callback names ours.
  "forged-callback": (scene, { seller }) =>
    forged(scene, seller, scene.world.door.callbackSeller, scene.world.idOf("olga")),
  // The code is one for another application.
  "other-client": (scene, { seller }) => forged(scene, seller, "clientId", "another-application"),
  "other-browser": otherBrowser
}

/** Plays a start. Whatever breaks on the way is wrong. */
export const perform = (scene: Scene, start: Start): Effect.Effect<Outcome, never, Here> =>
  Effect.catch(played[start.kind](scene, start), (error) =>
    Effect.succeed(wrong(error instanceof Error ? `${error.name}: ${error.message}` : String(error)))
  )
