import { describe, expect, it } from "@effect/vitest"
import { Failure, type Id } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import {
  AccessTokens,
  Connections,
  Repository,
  ProviderApi,
  StoreUnavailable,
  TokenVault,
  UnitOfWork
} from "@portolan/ports"
import { Context, DateTime, Deferred, Duration, Effect, Fiber, Layer, Redacted, Ref } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { account, adsKey, caller, connected, world } from "./support/world.ts"

const by = caller()
const key = adsKey("2973802954634317")

/** A service of its own, as another process would have it, over the same driven ports. */
const instance = Effect.map(Layer.build(Layer.fresh(AccessTokens.AccessTokens.layer)), (context) =>
  Context.get(context, AccessTokens.AccessTokens)
)

/** A grant whose access token is used up. */
const tired = Effect.fnUntraced(function* (rotates = false) {
  yield* (yield* ProviderScript.ProviderScript).tokens({ rotates })
  const { ads } = yield* account(by)
  const authorization = yield* connected(by, ads.id, "code", key, "ada")
  if (authorization._tag !== "Finalised") return yield* Effect.die("the authorization was expected to be finalised")
  yield* TestClock.adjust("56 minutes")
  return { ads, grantId: authorization.grantId }
})

const refreshes = Effect.map(
  Effect.flatMap(ProviderScript.ProviderScript, ({ calls }) => calls),
  (calls) => calls.filter(({ operation }) => operation === "refresh").length
)

/** A provider whose refreshes take a while, and a count of those under way and of the most at once. */
const slow = Effect.fnUntraced(function* (takes: Duration.Input) {
  const provider = yield* ProviderApi.ProviderApi
  const flying = yield* Ref.make({ now: 0, most: 0 })
  const service: ProviderApi.ProviderApi["Service"] = {
    ...provider,
    refresh: (request) =>
      Effect.acquireUseRelease(
        Ref.update(flying, ({ most, now }) => ({ now: now + 1, most: Math.max(most, now + 1) })),
        () => Effect.andThen(Effect.sleep(takes), provider.refresh(request)),
        () => Ref.update(flying, ({ most, now }) => ({ now: now - 1, most }))
      )
  }
  return { service, most: Effect.map(Ref.get(flying), ({ most }) => most) }
})

/** A process that is killed when the provider has answered: it neither stores the answer nor renews its lease. */
const dying = Effect.gen(function* () {
  const vault = yield* TokenVault.TokenVault
  const end = yield* Deferred.make<never, TokenVault.SecretNotFound>()
  const killed = yield* Effect.provideService(instance, TokenVault.TokenVault, {
    ...vault,
    compareAndSwap: (...write) => (write[4] === undefined ? Deferred.await(end) : vault.compareAndSwap(...write)),
    renewLease: () => Effect.never
  })
  // Storing cannot be interrupted, so it has to end before the scope can.
  yield* Effect.addFinalizer(() => Deferred.fail(end, new TokenVault.SecretNotFound({ reference: "" })))
  return killed
})

const turns = (count: number) => Effect.repeat(Effect.yieldNow, { times: count })
/** Runs the clock in small steps, so that pollers and sleepers take turns. */
const run = Effect.fnUntraced(function* (seconds: number) {
  for (let step = 0; step < seconds * 2; step++) {
    yield* TestClock.adjust("500 millis")
    yield* turns(20)
  }
})

const same = (tokens: ReadonlyArray<AccessTokens.AccessToken>) =>
  new Set(tokens.map(({ token }) => Redacted.value(token))).size

describe("one refresh serves everybody (C1)", () => {
  it.effect("sixteen callers at once spend one refresh token", () =>
    Effect.gen(function* () {
      const { grantId } = yield* tired()
      const { ofGrant } = yield* AccessTokens.AccessTokens
      const got = yield* Effect.all(
        Array.from({ length: 16 }, () => ofGrant(by.organizationId, grantId)),
        { concurrency: "unbounded" }
      )
      expect(same(got)).toBe(1)
      expect(yield* refreshes).toBe(1)
    }).pipe(Effect.provide(world))
  )

  it.effect("two processes over one vault spend one refresh token", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { grantId } = yield* tired()
        const { service } = yield* slow("3 seconds")
        const here = Effect.provideService(instance, ProviderApi.ProviderApi, service)
        const [one, other] = [yield* here, yield* here]
        const fibers = yield* Effect.forEach([one, other, one, other], ({ ofGrant }) =>
          Effect.forkChild(ofGrant(by.organizationId, grantId))
        )
        yield* run(6)
        expect(same(yield* Effect.forEach(fibers, Fiber.join))).toBe(1)
        expect(yield* refreshes).toBe(1)
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a slow provider that refuses twice is never asked by two workers at once", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { grantId } = yield* tired()
        const script = yield* ProviderScript.ProviderScript
        yield* script.fail("refresh", new Failure.GrantRefused({ detail: "invalid_grant" }), 1)
        const { most, service } = yield* slow("29 seconds")
        const here = Effect.provideService(instance, ProviderApi.ProviderApi, service)
        const fibers = yield* Effect.forEach([yield* here, yield* here], ({ ofGrant }) =>
          // The second one comes when the first has waited for a while, and so outlasts the first one's lease.
          Effect.tap(Effect.forkChild(Effect.result(ofGrant(by.organizationId, grantId))), () => run(10))
        )
        yield* run(130)
        const results = yield* Effect.forEach(fibers, Fiber.join)
        expect(yield* most).toBe(1)
        // The one that waited too long may be told so; nobody may think the grant dead.
        expect(results.filter((result) => result._tag === "Success").length).toBeGreaterThanOrEqual(1)
        expect(results.filter((result) => result._tag === "Failure" && result.failure._tag !== "Temporary")).toEqual([])
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a caller who gives up at any moment leaves nobody waiting", () =>
    Effect.gen(function* () {
      const { grantId } = yield* tired()
      const { ofGrant } = yield* AccessTokens.AccessTokens
      for (let patience = 0; patience < 24; patience++) {
        const hasty = yield* Effect.forkChild(ofGrant(by.organizationId, grantId))
        yield* turns(patience)
        const patient = yield* Effect.forkChild(ofGrant(by.organizationId, grantId))
        yield* Fiber.interrupt(hasty)
        yield* run(1)
        yield* Fiber.join(patient)
        yield* TestClock.adjust("1 hour")
      }
      expect(yield* refreshes).toBeLessThanOrEqual(25)
    }).pipe(Effect.provide(world))
  )
})

describe("a token handed out", () => {
  it.effect("is good for five minutes, whatever the clock says when it is asked for", () =>
    Effect.gen(function* () {
      const { grantId } = yield* tired()
      const { ofGrant } = yield* AccessTokens.AccessTokens
      const script = yield* ProviderScript.ProviderScript
      const lives = fc.integer({ min: 301, max: 7_200 })
      for (const [life, steps] of fc.sample(
        fc.tuple(lives, fc.array(fc.integer({ min: 0, max: 8_000 }), { maxLength: 6 })),
        { numRuns: 40, seed: 7 }
      )) {
        yield* script.tokens({ accessLife: Duration.seconds(life) })
        for (const step of steps) {
          yield* TestClock.adjust(Duration.seconds(step))
          const { expiresAt } = yield* ofGrant(by.organizationId, grantId)
          const left = DateTime.toEpochMillis(expiresAt) - DateTime.toEpochMillis(yield* DateTime.now)
          expect(left, `life ${life}, step ${step}`).toBeGreaterThanOrEqual(300_000)
        }
      }
    }).pipe(Effect.provide(world))
  )

  it.effect("is never the stored one that is over, although another worker wrote first", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { grantId } = yield* tired()
        const vault = yield* TokenVault.TokenVault
        const beaten = yield* Effect.provideService(instance, TokenVault.TokenVault, {
          ...vault,
          compareAndSwap: (_, reference, expected) =>
            Effect.fail(new TokenVault.StaleVersion({ reference, expected, found: expected + 1 }))
        })
        expect((yield* Effect.flip(beaten.ofGrant(by.organizationId, grantId)))._tag).toBe("Temporary")
      })
    ).pipe(Effect.provide(world))
  )
})

describe("between the provider's answer and the vault", () => {
  it.effect("a refresh token that rotates is kept although the lease was lost while the answer was on its way", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { grantId } = yield* tired(true)
        const vault = yield* TokenVault.TokenVault
        const late = yield* Effect.provideService(instance, TokenVault.TokenVault, {
          ...vault,
          // Another worker takes the lease over just before this one writes.
          compareAndSwap: (organizationId, reference, expected, secret, fence) =>
            Effect.gen(function* () {
              // The mark that a request is on its way is written by the holder; the answer comes without a fence.
              if (fence !== undefined) {
                return yield* vault.compareAndSwap(organizationId, reference, expected, secret, fence)
              }
              yield* vault.releaseLease(organizationId, { reference, fence: 1, expiresAt: yield* DateTime.now })
              yield* Effect.orDie(vault.acquireLease(organizationId, reference, Duration.seconds(45)))
              return yield* vault.compareAndSwap(organizationId, reference, expected, secret, fence)
            })
        })
        yield* late.ofGrant(by.organizationId, grantId)
        yield* TestClock.adjust("2 hours")
        const { ofGrant } = yield* instance
        yield* ofGrant(by.organizationId, grantId)
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a vault that is away for a moment loses no refresh token that rotates", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { grantId } = yield* tired(true)
        const vault = yield* TokenVault.TokenVault
        const away = yield* Ref.make(3)
        const here = yield* Effect.provideService(instance, TokenVault.TokenVault, {
          ...vault,
          compareAndSwap: (...write) =>
            Effect.flatMap(
              Ref.getAndUpdate(away, (left) => left - 1),
              (left) =>
                left > 0
                  ? Effect.fail(new TokenVault.VaultUnavailable({ doing: "replacing a secret", cause: "gone" }))
                  : vault.compareAndSwap(...write)
            )
        })
        const fiber = yield* Effect.forkChild(here.ofGrant(by.organizationId, grantId))
        yield* run(5)
        yield* Fiber.join(fiber)
        yield* TestClock.adjust("2 hours")
        yield* here.ofGrant(by.organizationId, grantId)
        expect(yield* refreshes).toBe(2)
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a process that dies holds the others up for seconds", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { grantId } = yield* tired()
        yield* Effect.forkDetach((yield* dying).ofGrant(by.organizationId, grantId))
        yield* turns(50)
        const waiting = yield* Effect.forkChild((yield* instance).ofGrant(by.organizationId, grantId))
        yield* run(4)
        expect(waiting.pollUnsafe()).toBeUndefined()
        yield* run(2)
        yield* Fiber.join(waiting)
        expect(yield* refreshes).toBe(2)
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a refresh token that was replaced in an answer that nobody stored is lost, and called so (F4)", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { grantId } = yield* tired(true)
        yield* Effect.forkDetach((yield* dying).ofGrant(by.organizationId, grantId))
        yield* turns(50)
        const next = yield* Effect.forkChild(Effect.flip((yield* instance).ofGrant(by.organizationId, grantId)))
        yield* run(10)
        expect(yield* Fiber.join(next)).toMatchObject({ _tag: "GrantRefused", rotationLost: true })
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a provider that keeps refresh tokens cannot have replaced one in a lost answer", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { grantId } = yield* tired()
        yield* (yield* instance).ofGrant(by.organizationId, grantId)
        yield* TestClock.adjust("2 hours")
        yield* Effect.forkDetach((yield* dying).ofGrant(by.organizationId, grantId))
        yield* turns(50)
        yield* (yield* ProviderScript.ProviderScript).withdraw("ada")
        const next = yield* Effect.forkChild(Effect.flip((yield* instance).ofGrant(by.organizationId, grantId)))
        yield* run(10)
        const refusal = yield* Fiber.join(next)
        expect(refusal).toMatchObject({ _tag: "GrantRefused" })
        expect(refusal).not.toHaveProperty("rotationLost")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("an answer that took longer than a lease finds the lease still held", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { grantId } = yield* tired(true)
        const { most, service } = yield* slow("28 seconds")
        const here = Effect.provideService(instance, ProviderApi.ProviderApi, service)
        const fibers = yield* Effect.forEach([yield* here, yield* here, yield* here], ({ ofGrant }) =>
          Effect.forkChild(ofGrant(by.organizationId, grantId))
        )
        yield* run(40)
        expect(same(yield* Effect.forEach(fibers, Fiber.join))).toBe(1)
        expect(yield* most).toBe(1)
        expect(yield* refreshes).toBe(1)
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a grant that is forgotten meanwhile stays forgotten (F30)", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { grantId } = yield* tired()
        const vault = yield* TokenVault.TokenVault
        const { service } = yield* slow("5 seconds")
        const here = yield* Effect.provideService(instance, ProviderApi.ProviderApi, service)
        const late = yield* Effect.forkChild(Effect.flip(here.ofGrant(by.organizationId, grantId)))
        yield* run(2)
        yield* vault.remove(by.organizationId, grantId)
        yield* run(10)
        expect((yield* Fiber.join(late))._tag).toBe("GrantRefused")
        expect((yield* Effect.flip(vault.get(by.organizationId, grantId)))._tag).toBe("SecretNotFound")
      })
    ).pipe(Effect.provide(world))
  )
})

describe("a refusal", () => {
  const ask = Effect.fnUntraced(function* (grantId: Id.GrantId) {
    const { ofGrant } = yield* AccessTokens.AccessTokens
    const fiber = yield* Effect.forkChild(Effect.result(ofGrant(by.organizationId, grantId)))
    yield* run(5)
    return yield* Fiber.join(fiber)
  })

  it.effect("that comes once is asked about again before anybody believes it", () =>
    Effect.gen(function* () {
      const { grantId } = yield* tired()
      yield* (yield* ProviderScript.ProviderScript).fail(
        "refresh",
        new Failure.GrantRefused({ detail: "invalid_grant" }),
        1
      )
      expect((yield* ask(grantId))._tag).toBe("Success")
    }).pipe(Effect.provide(world))
  )

  it.effect("that comes twice is a proof", () =>
    Effect.gen(function* () {
      const { grantId } = yield* tired()
      yield* (yield* ProviderScript.ProviderScript).withdraw("ada")
      const result = yield* ask(grantId)
      expect(result._tag === "Failure" && result.failure._tag).toBe("GrantRefused")
      expect(yield* refreshes).toBe(2)
    }).pipe(Effect.provide(world))
  )

  it.effect("that is proven reaches every connection at once, whoever met it", () =>
    Effect.gen(function* () {
      const { ads, grantId } = yield* tired()
      yield* (yield* ProviderScript.ProviderScript).withdraw("ada")
      yield* ask(grantId)
      const { ofConnection } = yield* AccessTokens.AccessTokens
      const { view } = yield* Connections.Connections
      expect((yield* view(by, ads.id)).evidence.status).toBe("reauthorization-needed")
      expect(yield* Effect.flip(ofConnection(by, ads.id))).toMatchObject({ reason: "not-possible-now" })
    }).pipe(Effect.provide(world))
  )

  it.effect(
    "of a token that should be good is proven with it: the consent is asked about, though it is not used up",
    () =>
      Effect.gen(function* () {
        const { ads } = yield* tired()
        const { ofConnection } = yield* AccessTokens.AccessTokens
        const { token } = yield* ofConnection(by, ads.id)
        const replaced = yield* ofConnection(by, ads.id, token)
        expect(Redacted.value(replaced.token)).not.toBe(Redacted.value(token))
        // A caller who is late names an older token, and shares what is there.
        expect(Redacted.value((yield* ofConnection(by, ads.id, token)).token)).toBe(Redacted.value(replaced.token))
        yield* (yield* ProviderScript.ProviderScript).withdraw("ada")
        const fiber = yield* Effect.forkChild(Effect.flip(ofConnection(by, ads.id, replaced.token)))
        yield* run(5)
        expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "GrantRefused" })
        expect((yield* (yield* Connections.Connections).view(by, ads.id)).evidence.status).toBe(
          "reauthorization-needed"
        )
      }).pipe(Effect.provide(world))
  )

  it.effect("that cannot be put on record is told as trouble that passes, not as a dead consent", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { grantId } = yield* tired()
        const unitOfWork = yield* UnitOfWork.UnitOfWork
        const here = yield* Effect.provideService(instance, UnitOfWork.UnitOfWork, {
          ...unitOfWork,
          commit: () => Effect.fail(new StoreUnavailable.StoreUnavailable({ doing: "committing", cause: "gone" }))
        })
        yield* (yield* ProviderScript.ProviderScript).withdraw("ada")
        const fiber = yield* Effect.forkChild(Effect.flip(here.ofGrant(by.organizationId, grantId)))
        yield* run(5)
        expect((yield* Fiber.join(fiber))._tag).toBe("StoreUnavailable")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("of our own application is our alarm: grant and connection stay as they are (F8)", () =>
    Effect.gen(function* () {
      const { ads, grantId } = yield* tired()
      yield* (yield* ProviderScript.ProviderScript).fail(
        "refresh",
        new Failure.ApplicationRejected({ detail: "invalid_client" }),
        3
      )
      const result = yield* ask(grantId)
      expect(result._tag === "Failure" && result.failure._tag).toBe("ApplicationRejected")
      const store = yield* Repository.Repository
      expect((yield* store.find("grant", by.organizationId, grantId)).state._tag).toBe("Active")
      const { view } = yield* Connections.Connections
      expect((yield* view(by, ads.id)).evidence.status).toBe("connected")
      yield* (yield* ProviderScript.ProviderScript).heal("refresh")
      expect((yield* ask(grantId))._tag).toBe("Success")
    }).pipe(Effect.provide(world))
  )

  it.effect("of an access token that should be good brings one new token, also to sixteen at once", () =>
    Effect.gen(function* () {
      const { grantId } = yield* tired()
      const { ofGrant } = yield* AccessTokens.AccessTokens
      const { token } = yield* ofGrant(by.organizationId, grantId)
      const got = yield* Effect.all(
        Array.from({ length: 16 }, () => ofGrant(by.organizationId, grantId, token)),
        { concurrency: "unbounded" }
      )
      expect(same(got)).toBe(1)
      expect(got.every((one) => Redacted.value(one.token) !== Redacted.value(token))).toBe(true)
      expect(yield* refreshes).toBe(2)
    }).pipe(Effect.provide(world))
  )
})
