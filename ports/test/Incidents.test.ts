/** Blame by evidence: what many meet at once is an incident and nobody's fault; what one meets stays their own. */
import { describe, expect, it } from "@effect/vitest"
import { Failure, Incident, type Profile } from "@portolan/domain"
import { NotifierMemory, ProviderScript } from "@portolan/memory"
import {
  Connections,
  Incidents,
  JobHandlers,
  PendingAuthorizations,
  ProviderApi,
  Scheduler,
  useCases
} from "@portolan/ports"
import { Arbitrary, Context, Effect, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { pass } from "./support/work.ts"
import {
  account,
  adsKey,
  caller,
  connected,
  consent,
  settle,
  working,
  world,
  worldOfOneCompany
} from "./support/world.ts"

const operator = { actor: caller().actor }

/** One account for each number, of the tenant with that number. */
const tenants = (...numbers: ReadonlyArray<number>) =>
  Effect.forEach(numbers, (n, index) =>
    Effect.gen(function* () {
      const by = caller("admin", n)
      const { ads } = yield* account(by)
      yield* connected(by, ads.id, `code-${index}`, adsKey(`90${index}`), `grantor-${index}`)
      return { by, id: ads.id }
    })
  )

type Tenant = Effect.Success<ReturnType<typeof tenants>>[number]

const stateOf = ({ by, id }: Tenant) =>
  Effect.flatMap(Connections.Connections, (connections) =>
    Effect.map(connections.view(by, id), ({ connection }) => connection._tag)
  )

const incidents = Effect.flatMap(Incidents.Incidents, ({ list }) => list(operator))
const open = Effect.flatMap(Incidents.Incidents, ({ open: read }) => read())
const topics = Effect.map(NotifierMemory.notices, (all) => all.map(({ topic }) => topic))

const forbidden = new Failure.PermissionMissing({ missing: "access", detail: "403 from the gateway" })
const rejected = new Failure.ApplicationRejected({ detail: "invalid_client" })

const here = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(Effect.scoped(effect), world)

describe("a refusal that many share", () => {
  it.effect("limits nobody, is an incident, and is over when it works again", () =>
    here(
      Effect.gen(function* () {
        const { fail, heal } = yield* ProviderScript.ProviderScript
        const all = yield* tenants(1, 2, 3)
        yield* fail("load", forbidden, Infinity)
        yield* working
        yield* pass(1, 0.1)
        expect(yield* Effect.forEach(all, stateOf)).toEqual(["Connected", "Connected", "Connected"])
        expect(yield* open).toMatchObject([
          { kind: "refused-for-many", channel: "amazon-ads", region: "NA", organizations: 3 }
        ])
        expect((yield* topics).filter((topic) => topic.startsWith("incident"))).toEqual(["incident-opened"])
        yield* heal("load")
        yield* pass(1, 0.1)
        expect(yield* open).toEqual([])
        expect(yield* incidents).toMatchObject([
          { incident: { last: { end: "healed" } }, behind: { accounts: 3, organizations: 3 } }
        ])
        expect((yield* topics).filter((topic) => topic.startsWith("incident"))).toEqual([
          "incident-opened",
          "incident-closed"
        ])
        expect(yield* topics).not.toContain("limited")
        yield* pass(6, 0.5)
        expect((yield* topics).filter((topic) => topic === "backfill-complete")).toHaveLength(3)
      })
    )
  )

  it.effect("stays a customer's own when only they meet it: the second look, ten minutes later, says so", () =>
    here(
      Effect.gen(function* () {
        const { fail } = yield* ProviderScript.ProviderScript
        const [one] = yield* tenants(1)
        if (one === undefined) return
        yield* fail("load", forbidden, Infinity)
        yield* working
        yield* pass(0.1, 0.05)
        expect(yield* stateOf(one)).toBe("Connected")
        yield* pass(0.2, 0.05)
        expect(yield* stateOf(one)).toBe("Limited")
        expect(yield* incidents).toEqual([])
      })
    )
  )
})

describe("workers that each see a part of it", () => {
  it.effect("put together what they see", () =>
    here(
      Effect.gen(function* () {
        const { fail } = yield* ProviderScript.ProviderScript
        const all = yield* tenants(1, 2, 3, 4)
        yield* fail("load", forbidden, Infinity)
        const scheduler = yield* Scheduler.Scheduler
        const worker = Effect.map(Layer.build(Layer.fresh(useCases)), Context.get(JobHandlers.JobHandlers))
        const [first, second] = [yield* worker, yield* worker]
        const own = new Set(all.slice(0, 2).map(({ by }) => by.organizationId))
        yield* scheduler.consume((due) => (own.has(due.job.organizationId) ? first : second).handle(due), {
          concurrency: 4
        })
        yield* settle
        yield* pass(1, 0.1)
        expect(yield* open).toMatchObject([{ kind: "refused-for-many", organizations: 4, grants: 4 }])
        expect((yield* topics).filter((topic) => topic.startsWith("incident"))).toEqual(["incident-opened"])
        expect(yield* Effect.forEach(all, stateOf)).toEqual(all.map(() => "Connected"))
      })
    )
  )
})

describe("an application without the role to ask who a consent is of", () => {
  it.effect("is no incident, however many consents are asked about", () =>
    here(
      Effect.gen(function* () {
        const { fail } = yield* ProviderScript.ProviderScript
        yield* fail("prove", forbidden, Infinity)
        const all = yield* Effect.forEach([1, 2, 3, 4], (n) =>
          Effect.gen(function* () {
            const by = caller("admin", n)
            const { sp } = yield* account(by)
            const key = { ...adsKey(`90${n}`), channel: "amazon-sp" } as Profile.Key
            const { authorizationRedirect } = yield* consent(by, sp.id, `code-${n}`, {
              channel: "amazon-sp",
              region: "NA",
              grantor: key.externalId,
              candidates: [ProviderScript.candidate(key)]
            })
            const pending = yield* PendingAuthorizations.PendingAuthorizations
            yield* pending.select(by, authorizationRedirect.authorizationId, { key, confirmed: false })
            return { by, id: sp.id }
          })
        )
        yield* working
        yield* pass(2, 0.25)
        expect(yield* Effect.forEach(all, stateOf)).toEqual(all.map(() => "Connected"))
        expect(yield* open).toEqual([])
      })
    )
  )
})

describe("several consents of one organization", () => {
  const trouble = Effect.gen(function* () {
    const { fail } = yield* ProviderScript.ProviderScript
    const all = yield* tenants(1, 1, 1)
    yield* fail("load", forbidden, Infinity)
    yield* working
    yield* pass(1, 0.1)
    return yield* Effect.forEach(all, stateOf)
  })

  it.effect("share a refusal where the installation is of one company", () =>
    Effect.gen(function* () {
      expect(yield* trouble).toEqual(["Connected", "Connected", "Connected"])
      expect(yield* open).toMatchObject([{ kind: "refused-for-many", organizations: 1, grants: 3 }])
    }).pipe(Effect.scoped, Effect.provide(worldOfOneCompany))
  )

  it.effect("are the organization's own elsewhere: an incident would tell others of it", () =>
    here(
      Effect.gen(function* () {
        expect(yield* trouble).toEqual(["Limited", "Limited", "Limited"])
        expect(yield* incidents).toEqual([])
      })
    )
  )
})

describe("each kind of shared trouble", () => {
  const kinds: ReadonlyArray<{
    readonly kind: Incident.Kind
    readonly mustAct: "operator" | "provider"
    readonly breaks: Effect.Effect<void, never, ProviderScript.ProviderScript>
    readonly mends: "load" | "refresh"
  }> = [
    {
      kind: "outage",
      mustAct: "provider",
      breaks: ProviderScript.ProviderScript.use(({ fail }) =>
        fail("load", new Failure.Temporary({ detail: "503", throttled: false }), Infinity)
      ),
      mends: "load"
    },
    {
      kind: "fresh-token-refused",
      mustAct: "operator",
      breaks: ProviderScript.ProviderScript.use(({ fail }) =>
        fail("load", new Failure.AccessTokenRefused({ detail: "401 to a token of this minute" }), Infinity)
      ),
      mends: "load"
    },
    {
      kind: "mass-withdrawal",
      mustAct: "provider",
      breaks: ProviderScript.ProviderScript.use(({ fail }) =>
        fail("refresh", new Failure.GrantRefused({ detail: "invalid_grant" }), Infinity)
      ),
      mends: "refresh"
    }
  ]

  it.effect.each(kinds)("$kind is told once, blames nobody who meets it while it lasts, and heals", (one) =>
    here(
      Effect.gen(function* () {
        const { heal, tokens } = yield* ProviderScript.ProviderScript
        yield* tokens({ accessLife: "6 minutes" })
        const all = yield* tenants(1, 2, 3, 4, 5)
        yield* TestClock.adjust("2 minutes")
        yield* one.breaks
        yield* working
        yield* pass(1, 0.1)
        const [incident] = yield* open
        expect(incident).toMatchObject({ kind: one.kind, channel: "amazon-ads", region: "NA" })
        expect(Incident.mustAct(incident ?? (yield* Effect.die("none is open")))).toBe(one.mustAct)
        expect((yield* topics).filter((topic) => topic.startsWith("incident"))).toEqual(["incident-opened"])
        // Of a mass withdrawal the first ones cannot be told from people who withdrew.
        const lost = (yield* Effect.forEach(all, stateOf)).filter((state) => state !== "Connected")
        expect(lost.length).toBeLessThan(one.kind === "mass-withdrawal" ? Incident.rules[one.kind].grants : 1)
        const view = yield* Effect.flatMap(Connections.Connections, (connections) =>
          Effect.forEach(all, ({ by, id }) => connections.view(by, id))
        )
        expect(view.filter(({ incident: known }) => known?.kind === one.kind).length).toBeGreaterThanOrEqual(3)
        yield* heal(one.mends)
        yield* pass(2, 0.25)
        expect(yield* open).toEqual([])
        expect((yield* topics).filter((topic) => topic === "incident-closed")).toHaveLength(1)
        expect((yield* Effect.forEach(all, stateOf)).filter((state) => state !== "Connected")).toEqual(lost)
      })
    )
  )
})

describe("a rejected application", () => {
  it.effect(
    "is told within a minute, parks nothing, and heals by itself",
    () =>
      here(
        Effect.gen(function* () {
          const { fail, heal, tokens } = yield* ProviderScript.ProviderScript
          yield* tokens({ accessLife: "6 minutes" })
          const all = yield* tenants(1, 2)
          yield* TestClock.adjust("2 minutes")
          yield* fail("refresh", rejected, Infinity)
          yield* working
          yield* TestClock.adjust("50 seconds")
          yield* settle
          expect((yield* topics).filter((topic) => topic.startsWith("incident"))).toEqual(["incident-opened"])
          expect((yield* NotifierMemory.notices).find(({ topic }) => topic === "incident-opened")).toMatchObject({
            audience: "operators-and-support",
            text: expect.stringContaining("Accounts behind it: 2.")
          })
          yield* pass(24 * 5, 3)
          expect(yield* Effect.forEach(all, stateOf)).toEqual(["Connected", "Connected"])
          const { deadLetters } = yield* Scheduler.Scheduler
          expect(yield* Effect.forEach(all, ({ by }) => deadLetters(by.organizationId))).toEqual([[], []])
          yield* heal("refresh")
          yield* pass(1, 0.1)
          expect(yield* open).toEqual([])
          expect((yield* topics).filter((topic) => topic === "incident-closed")).toHaveLength(1)
        })
      ),
    180_000
  )
})

describe("a refusal that too few share for an incident", () => {
  it.effect("is shown to operators for a day when it may be ours: a fresh token from the first one on", () =>
    here(
      Effect.gen(function* () {
        const { fail, heal } = yield* ProviderScript.ProviderScript
        const [one] = yield* tenants(1)
        const signs = Effect.flatMap(Incidents.Incidents, (service) => service.signs(operator))
        expect(yield* signs).toEqual([])
        yield* fail("load", new Failure.AccessTokenRefused({ detail: "401 to a token of this minute" }), Infinity)
        yield* working
        yield* pass(1, 0.1)
        const found = yield* signs
        expect(found).toMatchObject([
          {
            incident: { kind: "fresh-token-refused", channel: "amazon-ads", region: "NA" },
            grants: 1,
            organizations: 1
          }
        ])
        expect(Incident.nextStep(found[0]?.incident ?? (yield* Effect.die("no sign")))).toContain("approved")
        // It is no incident, nobody is told by mail, and the customer's connection says nothing of others.
        expect(yield* open).toEqual([])
        expect((yield* topics).filter((topic) => topic.startsWith("incident"))).toEqual([])
        expect(one).toBeDefined()
        yield* heal("load")
        yield* pass(25, 1)
        expect(yield* signs).toEqual([])
      })
    )
  )

  it.effect("is a customer's own while it is a refused permission of one", () =>
    here(
      Effect.gen(function* () {
        const { fail } = yield* ProviderScript.ProviderScript
        yield* tenants(1)
        yield* fail("load", forbidden, Infinity)
        yield* working
        yield* pass(1, 0.1)
        expect(yield* Effect.flatMap(Incidents.Incidents, (service) => service.signs(operator))).toEqual([])
      })
    )
  )
})

describe("random mixes of tenants and refusals", () => {
  it.effect.prop(
    "blame no customer for a refusal that many share, and leave a single tenant's refusal with the tenant",
    // Up to six: three of more tenants are a share that depends on who else calls in the same minutes.
    [Arbitrary.schema(Schema.Array(Schema.Boolean).check(Schema.isMinLength(4), Schema.isMaxLength(6)))],
    ([refused]) =>
      here(
        Effect.gen(function* () {
          const all = yield* tenants(...refused.map((_, n) => n + 1))
          const provider = yield* ProviderApi.ProviderApi
          const watching = Layer.build(
            Layer.fresh(
              useCases.pipe(
                Layer.provide(
                  Layer.succeed(ProviderApi.ProviderApi, {
                    ...provider,
                    load: (access, request) =>
                      refused[Number(request.profile.key.externalId.slice(2))] === true
                        ? Effect.fail(forbidden)
                        : provider.load(access, request)
                  })
                )
              )
            )
          )
          const { handle } = Context.get(yield* watching, JobHandlers.JobHandlers)
          const scheduler = yield* Scheduler.Scheduler
          yield* scheduler.consume(handle, { concurrency: 4 })
          yield* settle
          yield* pass(1, 0.1)
          const states = yield* Effect.forEach(all, stateOf)
          const count = refused.filter((one) => one).length
          const isShared = count >= 3 && count / refused.length >= 0.5
          expect(states).toEqual(refused.map((one) => (one && !isShared ? "Limited" : "Connected")))
          expect(yield* open).toHaveLength(isShared ? 1 : 0)
        })
      ),
    { arbitrary: { runs: 12 } }
  )
})
