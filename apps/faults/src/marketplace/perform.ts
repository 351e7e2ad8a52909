/** How each kind of start is played, and what it came to: landed on the right record, or refused in words. */
import { Connection, Id, Identity } from "@portolan/domain"
import { Effect, type Layer, Result } from "effect"
import type { Kind, Start } from "./plan.ts"
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
  const view = yield* Steps.look(home, begun.query)
  const known = home.landed.get(world.idOf(begun.seller))
  if (view.isDraft !== world.isDraft) return yield* Effect.fail("a draft is not seen as one")
  const [first, ...more] = view.renewable
  if (known !== undefined) {
    return first?.connection.id === known && more.length === 0
      ? known
      : yield* Effect.fail("a known seller is not matched by its id")
  }
  if (first !== undefined) return yield* Effect.fail("a seller is matched that nobody proved")
  return yield* Steps.openAccount(home, `Account of ${begun.seller}`)
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
  const handled = yield* Steps.comeBack(returned.callback, returned.browser)
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
    const view = yield* Steps.look(home, begun.query)
    const nobodys = new URLSearchParams(begun.query)
    nobodys.set("selling_partner_id", "A0NOBODYHASIT")
    const { grantor: _one, ...seen } = view
    const { grantor: _other, ...unknown } = yield* Steps.look(home, nobodys)
    if (JSON.stringify(seen) !== JSON.stringify(unknown)) return wrong("a stranger sees that it is a customer")
    const id = yield* Steps.openAccount(home, "Account of a stranger")
    const returned = yield* Steps.goOn(world, home, begun, id)
    yield* Steps.comeBack(returned.callback, returned.browser)
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
    const callbacks = [...returned, ...returned].map(({ browser, callback }) => Steps.comeBack(callback, browser))
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
      if (draw > 0.6) yield* Steps.comeBack(returned.callback, returned.browser)
    }
    return yield* finish(scene, yield* Steps.begin(world, seller), id)
  })

const missing = ["amazon_callback_uri", "amazon_state", "selling_partner_id"] as const
const addresses = [
  "https://evil.example/apps/authorize/confirm/",
  "https://sellercentral.amazon.com.evil.example/apps/authorize/confirm/",
  "http://sellercentral.amazon.com/apps/authorize/confirm/",
  "https://sellercentral.amazon.com@evil.example/apps/authorize/confirm/",
  "https://sellercentral.amazon.com/redirect?to=https://evil.example/apps/authorize/confirm/"
] as const

const pick = <A>(all: ReadonlyArray<A>, draw: number): A | undefined => all[Math.floor(draw * all.length)]

/** A start whose query was changed; it is refused before anybody is sent anywhere. */
const changed =
  (change: (query: URLSearchParams, draw: number, world: World) => void) =>
  (scene: Scene, { draw, seller }: Start): Played =>
    Effect.gen(function* () {
      const { home, world } = scene
      const begun = yield* Steps.begin(world, seller)
      const query = new URLSearchParams(begun.query)
      change(query, draw, world)
      const seen = yield* refusal(scene, Steps.look(home, query))
      const own = [...home.landed.values()][0] ?? Id.ConnectionId.make(`con_${"0".repeat(26)}`)
      const gone = yield* refusal(scene, Steps.goOn(world, home, { ...begun, query }, own))
      return seen === "refused" ? gone : seen
    })

/** The log-in address names our own seller, and another one consents. */
const claimedSeller = (scene: Scene, { seller }: Start): Played =>
  Effect.gen(function* () {
    const { home, world } = scene
    const begun = yield* Steps.begin(world, seller)
    begun.query.set("selling_partner_id", world.idOf("olga"))
    const { renewable } = yield* Steps.look(home, begun.query)
    const id = renewable[0]?.connection.id
    if (id === undefined || id !== home.landed.get(world.idOf("olga"))) return wrong("a known seller is not matched")
    const returned = yield* Steps.goOn(world, home, begun, id)
    yield* Steps.comeBack(returned.callback, returned.browser)
    return yield* refusal(scene, Steps.choose(home, returned.authorizationId))
  })

/** Another seller consents, and the callback names ours. */
const forgedCallback = (scene: Scene, { seller }: Start): Played =>
  Effect.gen(function* () {
    const { home, world } = scene
    const id = yield* Steps.openAccount(home, "Account of a forger")
    const returned = yield* Steps.goOn(world, home, yield* Steps.begin(world, seller), id)
    returned.callback.set("selling_partner_id", world.idOf("olga"))
    const handled = yield* Steps.comeBack(returned.callback, returned.browser)
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
    const stolen = yield* Steps.comeBack(mine.callback, draw < 0.5 ? other.browser : undefined)
    return stolen._tag === "BrowserMismatch" ? "refused" : wrong(`another browser's callback was ${stolen._tag}`)
  })

const played: { readonly [K in Kind]: (scene: Scene, start: Start) => Played } = {
  renew: lands,
  new: lands,
  foreign,
  twice,
  resumed,
  "missing-parameter": changed((query, draw) => query.delete(pick(missing, draw) ?? "amazon_state")),
  "foreign-address": changed((query, draw, { applicationId }) =>
    query.set("amazon_callback_uri", `${pick(addresses, draw)}${applicationId}`)
  ),
  "other-application": changed((query) =>
    query.set("amazon_callback_uri", "https://sellercentral.amazon.com/apps/authorize/confirm/amzn1.sp.solution.other")
  ),
  "claimed-seller": claimedSeller,
  "forged-callback": forgedCallback,
  "other-browser": otherBrowser
}

/** Plays a start. Whatever breaks on the way is wrong. */
export const perform = (scene: Scene, start: Start): Effect.Effect<Outcome, never, Here> =>
  Effect.catch(played[start.kind](scene, start), (error) =>
    Effect.succeed(wrong(error instanceof Error ? `${error.name}: ${error.message}` : String(error)))
  )
