/** REPO-21, 23 and 24: rules over several rows hold, and a request that is repeated takes effect once. */
import type { Id } from "@portolan/domain"
import type { UnitOfWork } from "@portolan/ports"
import { Effect, Exit, Fiber, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { commandsAfter, scopeOf, walk } from "./commandGenerator.ts"
import * as fixtures from "./fixtures.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { calls, check, clientsOf, mustBeSame, outcome, probe, tagOf } from "./support.ts"

/** No write skew on shared rules. */
export const repo21: Law<RepositoryInstance> = {
  id: "REPO-21",
  title: "Changes that are each valid alone and invalid together are not both accepted",
  rationale: "Each of two admins removes the other, having seen that one remains: nobody can get in any more.",
  level: core,
  parts: [
    check({
      name: "guards",
      kind: "race",
      interleavings: 4,
      input: fc.integer({ min: 2, max: 4 }),
      check: (instance, count, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, count)
          const { repository, unitOfWork } = instance.services
          const all = Array.from({ length: count }, (_, n) => n)
          // The rule: somebody stays. Each client saw all as they are, sends one away, and counts on all others.
          yield* unitOfWork.commit(
            fixtures.change(organizationId, {
              writes: all.map((n) => fixtures.writeCompany(fixtures.company(organizationId, n, "stays"), 0))
            })
          )
          const finishes = yield* race(
            testCase,
            all.map((own) =>
              outcome(
                clients(own).unitOfWork.commit(
                  fixtures.change(organizationId, {
                    writes: all.map((n) =>
                      n === own
                        ? fixtures.writeCompany(fixtures.company(organizationId, n, "leaves"), 1)
                        : fixtures.write("company", fixtures.company(organizationId, n, "stays"), 1, [])
                    )
                  })
                )
              )
            )
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          testCase.note(results.map((result, index) => `client ${index}: ${tagOf(result)}`).join(", "))
          const names = yield* Effect.forEach(all, (n) =>
            Effect.map(
              repository.find("company", organizationId, fixtures.idOf("company", organizationId, n)),
              ({ state }) => String(state.name)
            )
          )
          yield* mustEqual(`${count} changes that rule each other out were accepted together`, {
            expected: { accepted: 1, left: 1 },
            actual: {
              accepted: results.filter(Result.isSuccess).length,
              left: names.filter((name) => name === "leaves").length
            }
          })
        })
    }),
    check({
      name: "claims",
      kind: "race",
      interleavings: 4,
      input: fc.record({
        orders: fc.array(fc.shuffledSubarray([0, 1, 2], { minLength: 2 }), { minLength: 2, maxLength: 4 }),
        sameOrganization: fc.boolean()
      }),
      check: (instance, { orders, sameOrganization }, testCase) =>
        Effect.gen(function* () {
          const clients = yield* clientsOf(instance, orders.length)
          const whose = (client: number): Id.OrganizationId =>
            instance.organizations[sameOrganization ? 0 : client % 3] ?? instance.organizations[0]
          // Any two of the clients want a profile in common, and take them in different orders.
          const finishes = yield* race(
            testCase,
            orders.map((order, client) =>
              outcome(
                clients(client).unitOfWork.commit(
                  fixtures.change(whose(client), {
                    claims: order.map((n) => fixtures.hold(whose(client), fixtures.profile(instance, n), client))
                  })
                )
              )
            )
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          testCase.note(
            results.map((result, index) => `client ${index} of ${orders[index]}: ${tagOf(result)}`).join(", ")
          )
          const winners = results.flatMap((result, client) => (Result.isSuccess(result) ? [client] : []))
          yield* mustEqual("of several that bound overlapping sets of profiles, not exactly one was accepted", {
            expected: [1, orders.length - 1],
            actual: [winners.length, results.filter((result) => tagOf(result) === "ProfileTaken").length]
          })
          const [winner = 0] = winners
          for (const [client, order] of orders.entries()) {
            const keys = order.map((n) => fixtures.profile(instance, n))
            const held = yield* instance.services.repository.holders(whose(client), keys)
            const own = held.filter(
              ({ connectionId }) => connectionId === fixtures.idOf("connection", whose(client), client)
            )
            yield* mustEqual("a set of profiles was bound in part", {
              expected: client === winner ? order.length : 0,
              actual: own.length
            })
          }
        })
    })
  ]
}

const creation = (
  organizationId: Id.OrganizationId,
  key: string,
  fingerprint: string,
  who: string | number
): UnitOfWork.Change =>
  fixtures.change(organizationId, {
    writes: [fixtures.writeCompany(fixtures.company(organizationId, `${key} of ${who}`, `made by ${who}`), 0)],
    jobs: [fixtures.job(organizationId, `${key} of ${who}`)],
    idempotency: { key, fingerprint, resource: `made by ${who}` }
  })

/** How often a request took effect: its companies, as the list shows them. */
const effects = (services: Services, organizationId: Id.OrganizationId) =>
  Effect.map(services.repository.companies(organizationId, {}, { limit: 100 }), ({ items }) =>
    items.map(({ name }) => String(name))
  )

type Fingerprint = "asked" | "asked otherwise"

const fingerprints = (minLength: number, maxLength: number): fc.Arbitrary<ReadonlyArray<Fingerprint>> =>
  fc.array(fc.constantFrom<Fingerprint>("asked", "asked", "asked otherwise"), { minLength, maxLength })

/** Same command, same effect. */
export const repo23: Law<RepositoryInstance> = {
  id: "REPO-23",
  title:
    "A request that is repeated under its key gives the first outcome and no second effect; another request is refused",
  rationale: "Whoever presses the button twice on a bad line must not find two companies with one name.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { repeated: 0.4, "another request": 0.2 },
      input: commandsAfter(
        "a request repeated and a key used again",
        { writes: 6, wrong: 1, jobs: 3, idempotency: 9, organizations: 2 },
        10
      ),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ change, reasons, register, result, services }) =>
          Effect.gen(function* () {
            const { organizationId, idempotency } = change
            if (idempotency === undefined) return
            const before = Register.bookOf(register, organizationId).keys.get(idempotency.key)
            const looked = yield* outcome(
              services.unitOfWork.idempotentResource(organizationId, idempotency.key, idempotency.fingerprint)
            )
            if (reasons.includes("AlreadyDone")) testCase.label("repeated")
            if (reasons.includes("KeyReused")) testCase.label("another request")
            if (reasons.includes("AlreadyDone") || reasons.includes("KeyReused")) {
              yield* mustEqual("a request under a used key met the wrong answer", {
                expected: reasons[0] === "AlreadyDone" ? `AlreadyDone: ${before?.resource}` : "KeyReused",
                actual:
                  Result.isFailure(result) && result.failure._tag === "AlreadyDone"
                    ? `AlreadyDone: ${result.failure.resource}`
                    : tagOf(result)
              })
            }
            yield* mustEqual("looking up a key met the wrong answer", {
              expected:
                before === undefined
                  ? undefined
                  : before.fingerprint === idempotency.fingerprint
                    ? before.resource
                    : "KeyReused",
              actual: Result.isSuccess(looked) ? looked.success : looked.failure._tag
            })
          })
        )
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      labels: { "another request": 0.2 },
      input: [
        fingerprints(0, 3).map((more): ReadonlyArray<Fingerprint> => ["asked", "asked otherwise", ...more]),
        fingerprints(2, 5)
      ],
      check: (instance, fingerprints, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, fingerprints.length)
          if (new Set(fingerprints).size > 1) testCase.label("another request")
          const finishes = yield* race(
            testCase,
            fingerprints.map((fingerprint, who) =>
              outcome(clients(who).unitOfWork.commit(creation(organizationId, "key", fingerprint, who)))
            )
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          const answers = results.map((result) =>
            Result.isFailure(result) && result.failure._tag === "AlreadyDone"
              ? `AlreadyDone: ${result.failure.resource}`
              : tagOf(result)
          )
          testCase.note(answers.map((each, index) => `client ${index}: ${each}`).join(", "))
          const made = yield* effects(instance.services, organizationId)
          yield* mustEqual(`of ${fingerprints.length} requests under one key at once, not exactly one took effect`, {
            expected: 1,
            actual: made.length
          })
          const winner = results.findIndex(Result.isSuccess)
          yield* mustEqual("requests under one key at once met the wrong answers", {
            expected: fingerprints.map((fingerprint, who) =>
              who === winner
                ? "ok"
                : fingerprint === fingerprints[winner]
                  ? `AlreadyDone: made by ${winner}`
                  : "KeyReused"
            ),
            actual: answers
          })
        })
    })
  ]
}

/** A change with everything in it, told apart by what makes it safe to repeat: a key, or the work it completes. */
const repeatable = (instance: RepositoryInstance, by: "key" | "work"): UnitOfWork.Change => {
  const [organizationId] = instance.organizations
  return fixtures.change(organizationId, {
    at: fixtures.instant(1),
    writes: [
      fixtures.writeCompany(fixtures.company(organizationId, 0, "after"), 1),
      fixtures.write("connection", fixtures.proposed(organizationId, 2), 0, [])
    ],
    claims: [fixtures.hold(organizationId, fixtures.profile(instance, 0), 0)],
    jobs: [fixtures.job(organizationId, "next")],
    ...(by === "key"
      ? { idempotency: { key: "key 0", fingerprint: "fingerprint 0", resource: "made" } }
      : { completes: fixtures.job(organizationId, "first").id })
  })
}

const prepare = (instance: RepositoryInstance) =>
  Effect.gen(function* () {
    const [organizationId] = instance.organizations
    const register = Register.make(instance.organizations)
    const first = fixtures.change(organizationId, {
      writes: [fixtures.writeCompany(fixtures.company(organizationId, 0, "before"), 0)],
      jobs: [fixtures.job(organizationId, "first")]
    })
    yield* instance.services.unitOfWork.commit(first)
    Register.enter(register, first)
    return register
  })

/** Repeats a change whose outcome is unknown, and looks for one effect. */
const resolve = Effect.fnUntraced(function* (
  instance: RepositoryInstance,
  services: Services,
  by: "key" | "work",
  register: Register.Register,
  testCase: Parameters<typeof walk>[2]
) {
  const [organizationId] = instance.organizations
  const change = repeatable(instance, by)
  const again = yield* outcome(services.unitOfWork.commit(change))
  testCase.note(`repeated: ${tagOf(again)}`)
  testCase.label(Result.isSuccess(again) ? "had not taken place" : "had taken place")
  if (Result.isFailure(again)) {
    yield* mustEqual("a change that had taken place did not say so when it was repeated", {
      expected: by === "key" ? "AlreadyDone" : "JobGone",
      actual: tagOf(again)
    })
    if (again.failure._tag === "AlreadyDone") {
      yield* mustEqual("a repeated request was told another outcome", {
        expected: "made",
        actual: again.failure.resource
      })
    }
  }
  Register.enter(register, change)
  const scope = scopeOf(instance, organizationId)
  yield* mustBeSame("a change that was repeated because its reply was lost did not take effect once", {
    expected: Register.expectedView(register, organizationId, scope),
    actual: yield* Register.view(services, organizationId, scope)
  })
  const work = yield* Effect.forEach(["first", "next", "next"], (n) =>
    Effect.map(
      outcome(
        services.unitOfWork.commit(fixtures.change(organizationId, { completes: fixtures.job(organizationId, n).id }))
      ),
      tagOf
    )
  )
  yield* mustEqual("the work that the repeated change schedules is not there once", {
    expected: [by === "key" ? "ok" : "JobGone", "ok", "JobGone"],
    actual: work
  })
})

const by = fc.constantFrom("key" as const, "work" as const)

const death = (call: fc.Arbitrary<number>) =>
  fc.record({ by, call, side: fc.constantFrom("before" as const, "after" as const) })

/** An unknown commit is resolved, not repeated. */
export const repo24: Law<RepositoryInstance> = {
  id: "REPO-24",
  title: "Repeating a change whose reply was lost gives one effect, whether or not the first attempt took place",
  rationale:
    "When the line breaks during a commit nobody knows what happened; guessing loses a connection or makes two.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      input: fc.record({ by, lost: fc.integer({ min: 0, max: 2 }) }),
      check: (instance, { by, lost }, testCase) =>
        Effect.gen(function* () {
          const register = yield* prepare(instance)
          const clients = yield* clientsOf(instance, 2)
          // The replies are lost: nobody looks at them.
          for (let time = 0; time < lost; time++) {
            yield* outcome(clients(time).unitOfWork.commit(repeatable(instance, by)))
          }
          yield* resolve(instance, clients(1), by, register, testCase)
        })
    }),
    check({
      name: "interrupted",
      kind: "race",
      needs: [],
      interleavings: 4,
      effort: 0.6,
      labels: { "had taken place": 0, "had not taken place": 0 },
      input: fc.record({ by, turns: fc.integer({ min: 0, max: 12 }) }),
      check: (instance, { by, turns }, testCase) =>
        Effect.gen(function* () {
          const register = yield* prepare(instance)
          const fiber = yield* Effect.forkChild(outcome(instance.services.unitOfWork.commit(repeatable(instance, by))))
          for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
          yield* Fiber.interrupt(fiber)
          const exit = yield* Fiber.await(fiber)
          testCase.note(`after ${turns} turns: ${Exit.isSuccess(exit) ? "had ended" : "interrupted"}`)
          yield* resolve(instance, instance.services, by, register, testCase)
        })
    }),
    check({
      name: "crash",
      kind: "crash",
      needs: ["crash", "restart"],
      labels: { struck: 0.2 },
      input: [death(fc.constant(1)), death(calls)],
      check: (instance, { by, call, side }, testCase) =>
        Effect.gen(function* () {
          const register = yield* prepare(instance)
          const crash = probe(instance, "crash")
          yield* crash.arm(call, side)
          yield* Effect.exit(instance.services.unitOfWork.commit(repeatable(instance, by)))
          if (yield* crash.disarm()) testCase.label("struck")
          yield* resolve(instance, yield* probe(instance, "reopen")(), by, register, testCase)
        })
    })
  ]
}
