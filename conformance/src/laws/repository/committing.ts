/** REPO-01 to 05: what is committed is there, what is refused is not, and versions tell deciders apart. */
import type { Company, Id } from "@portolan/domain"
import { UnitOfWork } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { barrierFor, race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { commands, commandsAfter, scopeOf, walk } from "./commandGenerator.ts"
import * as fixtures from "./fixtures.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { check, clientsOf, mustBeSame, outcome, probe, tagOf } from "./support.ts"

const runners = fc.integer({ min: 2, max: 5 })

/** Committed state is readable. */
export const repo01: Law<RepositoryInstance> = {
  id: "REPO-01",
  title: "What was committed is read by everybody at once, at the version that the commit told",
  rationale: "A person who finishes a connection and lands on its page must not see it unfinished.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { accepted: 0.5, "read by another client": 0.3 },
      input: commandsAfter("accepted", { writes: 9, wrong: 1, organizations: 1 }),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const clients = yield* clientsOf(instance, 2)
          yield* walk(instance, list, testCase, ({ change, position, register, result }) =>
            Effect.gen(function* () {
              if (Result.isFailure(result)) return
              for (const { expected, id } of change.writes) {
                yield* mustEqual("a commit told another version than the one after the expected", {
                  expected: expected + 1,
                  actual: result.success.versions.get(id)
                })
              }
              const reader = clients(position)
              testCase.label("read by another client")
              const book = Register.bookOf(register, change.organizationId)
              for (const { kind, id } of scopeOf(instance, change.organizationId).aggregates) {
                const entry = book.entries.get(Register.nameOf({ kind, id }))
                const found = yield* outcome(reader.repository.find(kind, change.organizationId, id))
                yield* mustBeSame(`what was committed to the ${kind} is not what is read`, {
                  expected: entry === undefined ? "NotFound" : { state: entry.state, version: entry.version },
                  actual: Result.isSuccess(found)
                    ? { state: found.success.state, version: found.success.version }
                    : found.failure._tag
                })
              }
            })
          )
        })
    }),
    check({
      name: "restart",
      kind: "model",
      needs: ["restart"],
      effort: 0.4,
      minimum: 10,
      input: commands({ writes: 8, wrong: 1, claims: 3, idempotency: 2, organizations: 2 }, 8),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const register = yield* walk(instance, list, testCase, () => Effect.void)
          const reopened = yield* probe(instance, "reopen")()
          for (const organizationId of instance.organizations) {
            const scope = scopeOf(instance, organizationId)
            yield* mustBeSame("what was acknowledged is not what is there after a restart", {
              expected: Register.expectedView(register, organizationId, scope),
              actual: yield* Register.view(reopened, organizationId, scope)
            })
          }
        })
    })
  ]
}

/** How many aggregates one change writes, and which of them is stale, counted from 0. */
const staleAmong = (fewest: number, from: number) =>
  fc
    .tuple(fc.integer({ min: fewest, max: 6 }), fc.nat(5))
    .map(([count, at]) => ({ count, stale: from + (at % (count - from)) }))

/** Rollback leaves no trace. */
export const repo02: Law<RepositoryInstance> = {
  id: "REPO-02",
  title: "A refused change leaves no trace: no state, no event, no work, no bound profile, no key",
  rationale: "Half a change is a connection without its history, or work for a connection that never came to be.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { refused: 0.4, accepted: 0.4 },
      input: commandsAfter(
        "accepted and refused",
        { writes: 9, wrong: 4, claims: 4, jobs: 3, completes: 3, idempotency: 3, organizations: 2 },
        10
      ),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ change, register, result, services }) =>
          Effect.gen(function* () {
            if (Result.isSuccess(result)) return
            const scope = scopeOf(instance, change.organizationId)
            yield* mustBeSame(`a change that was refused (${result.failure._tag}) left a trace`, {
              expected: Register.expectedView(register, change.organizationId, scope),
              actual: yield* Register.view(services, change.organizationId, scope)
            })
            for (const { id } of change.jobs) {
              const completing = yield* outcome(
                services.unitOfWork.commit(fixtures.change(change.organizationId, { completes: id }))
              )
              yield* mustEqual("the work of a refused change is there to be carried out", {
                expected: "JobGone",
                actual: tagOf(completing)
              })
            }
          })
        )
    }),
    check({
      name: "each write",
      kind: "property",
      labels: { "not the first": 0.4 },
      input: [staleAmong(2, 1), staleAmong(1, 0)],
      check: (instance, { count, stale }, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const { repository, unitOfWork, log } = instance.services
          if (stale > 0) testCase.label("not the first")
          const made = yield* unitOfWork.commit(
            fixtures.change(organizationId, {
              writes: [fixtures.writeCompany(fixtures.company(organizationId, stale, "before"), 0)]
            })
          )
          const key = fixtures.profile(instance, 0)
          const refused = yield* outcome(
            unitOfWork.commit(
              fixtures.change(organizationId, {
                // All are created; the one at the place `stale` exists already.
                writes: Array.from({ length: count }, (_, n) =>
                  fixtures.writeCompany(fixtures.company(organizationId, n, "of the refused change"), 0)
                ),
                claims: [fixtures.hold(organizationId, key, 0)],
                jobs: [fixtures.job(organizationId, 0)],
                idempotency: { key: "key", fingerprint: "asked", resource: "made" }
              })
            )
          )
          yield* mustBeSame(
            `a change of ${count} writes, of which number ${stale + 1} is stale, met the wrong answer`,
            {
              expected: { kind: "company", id: fixtures.idOf("company", organizationId, stale), expected: 0, found: 1 },
              actual:
                Result.isFailure(refused) && refused.failure._tag === "VersionConflict"
                  ? { ...pick(refused.failure) }
                  : tagOf(refused)
            }
          )
          const seen: Array<string> = []
          for (let n = 0; n < count; n++) {
            const found = yield* outcome(
              repository.find("company", organizationId, fixtures.idOf("company", organizationId, n))
            )
            seen.push(
              Result.isFailure(found) ? found.failure._tag : `${found.success.state.name}, ${found.success.version}`
            )
          }
          yield* mustBeSame(`a change of ${count} writes, of which number ${stale + 1} is stale, left a trace`, {
            expected: {
              companies: seen.map((_, n) => (n === stale ? "before, 1" : "NotFound")),
              events: made.position,
              holders: 0,
              key: undefined,
              work: "JobGone"
            },
            actual: {
              companies: seen,
              events: (yield* log.after(organizationId, 0, 500)).length,
              holders: (yield* repository.holders(organizationId, [key])).length,
              key: yield* unitOfWork.idempotentResource(organizationId, "key", "asked"),
              work: tagOf(
                yield* outcome(
                  unitOfWork.commit(fixtures.change(organizationId, { completes: fixtures.job(organizationId, 0).id }))
                )
              )
            }
          })
        })
    }),
    check({
      name: "at rest",
      kind: "model",
      needs: ["dump"],
      effort: 0.4,
      minimum: 10,
      labels: { refused: 0.4, accepted: 0.3 },
      input: commandsAfter(
        "accepted and refused",
        { writes: 9, wrong: 4, claims: 4, jobs: 3, completes: 2, idempotency: 3, organizations: 2 },
        8
      ),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const rows = Effect.map(probe(instance, "dump")(), (all) => all.toSorted())
          let before = yield* rows
          yield* walk(instance, list, testCase, ({ result }) =>
            Effect.gen(function* () {
              const after = yield* rows
              if (Result.isFailure(result)) {
                yield* mustBeSame(`a change that was refused (${result.failure._tag}) left a trace at rest`, {
                  expected: before,
                  actual: after
                })
              }
              before = after
            })
          )
        })
    })
  ]
}

const pick = ({ kind, id, expected, found }: UnitOfWork.VersionConflict) => ({ kind, id, expected, found })

/** Stale saves are refused. */
export const repo03: Law<RepositoryInstance> = {
  id: "REPO-03",
  title: "A change is accepted exactly if each of its writes expects the stored version",
  rationale: "Two people who finish one connection at once must not overwrite each other's choice without noticing.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { refused: 0.4, accepted: 0.4 },
      input: commandsAfter("accepted and refused", { writes: 10, wrong: 4, organizations: 1 }),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ change, reasons, register, result }) =>
          Effect.gen(function* () {
            yield* mustEqual("a change met the wrong answer", {
              expected: reasons.length === 0 ? "ok" : "VersionConflict",
              actual: tagOf(result)
            })
            if (Result.isSuccess(result) || result.failure._tag !== "VersionConflict") return
            const { kind, id, expected, found } = result.failure
            const book = Register.bookOf(register, change.organizationId)
            const stored = book.entries.get(Register.nameOf({ kind, id }))?.version ?? 0
            yield* must(
              change.writes.some((write) => write.id === id && write.kind === kind && write.expected === expected) &&
                found === stored &&
                found !== expected,
              "a refusal did not tell which write was stale, and what is stored",
              { expected: { found: stored }, actual: result.failure }
            )
          })
        )
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: fc.record({ count: runners, exists: fc.boolean() }),
      check: (instance, { count, exists }, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, count)
          const { repository, unitOfWork } = instance.services
          if (exists) {
            yield* unitOfWork.commit(
              fixtures.change(organizationId, {
                writes: [fixtures.writeCompany(fixtures.company(organizationId, 0, "before"), 0)]
              })
            )
          }
          const finishes = yield* race(
            testCase,
            Array.from({ length: count }, (_, index) =>
              outcome(
                clients(index).unitOfWork.commit(
                  fixtures.change(organizationId, {
                    writes: [
                      fixtures.writeCompany(
                        fixtures.company(organizationId, 0, `of client ${index}`),
                        exists ? 1 : 0,
                        `client ${index}`
                      )
                    ]
                  })
                )
              )
            )
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          testCase.note(results.map((result, index) => `client ${index}: ${tagOf(result)}`).join(", "))
          const winners = results.flatMap((result, index) => (Result.isSuccess(result) ? [index] : []))
          yield* mustEqual(`of ${count} changes from the same version, not exactly one was accepted`, {
            expected: [1, count - 1],
            actual: [winners.length, results.filter((result) => tagOf(result) === "VersionConflict").length]
          })
          const { state } = yield* repository.find(
            "company",
            organizationId,
            fixtures.idOf("company", organizationId, 0)
          )
          yield* mustEqual("what is stored is not what the accepted change wrote", {
            expected: `of client ${winners[0]}`,
            actual: state.name
          })
        })
    })
  ]
}

/** Versions are gapless. */
export const repo04: Law<RepositoryInstance> = {
  id: "REPO-04",
  title: "Each accepted change raises an aggregate's version by one, starting at 1, however many events it carries",
  rationale:
    "Whoever follows a connection by its versions takes a gap for a change that was missed, and waits for ever.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { "none or several events": 0.4, refused: 0.1 },
      input: commandsAfter("accepted and refused", { writes: 10, wrong: 1, organizations: 1 }, 10),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const versions = new Map<string, number>()
          yield* walk(instance, list, testCase, ({ change, result, services }) =>
            Effect.gen(function* () {
              if (Result.isFailure(result)) return
              if (change.writes.some(({ events }) => events.length !== 1)) testCase.label("none or several events")
              for (const { id, kind } of change.writes) {
                const before = versions.get(id) ?? 0
                const { version } = yield* services.repository.find(kind, change.organizationId, id)
                yield* mustEqual("an accepted change did not raise the version by one", {
                  expected: [before + 1, before + 1],
                  actual: [result.success.versions.get(id), version]
                })
                versions.set(id, version)
              }
            })
          )
        })
    })
  ]
}

/**
 * Reads, adds to what was read, and commits; reads again after a conflict. Gives the number of attempts. The first
 * attempt does `afterRead` in between.
 */
const addOne = (services: Services, organizationId: Id.OrganizationId, about: string, afterRead: Effect.Effect<void>) =>
  Effect.gen(function* () {
    const id = fixtures.idOf("company", organizationId, 0)
    for (let attempt = 1; attempt <= 200; attempt++) {
      const { state, version } = yield* services.repository.find("company", organizationId, id)
      if (attempt === 1) yield* afterRead
      const next: Company.Open = { ...state, name: String(Number(state.name) + 1) }
      const result = yield* outcome(
        services.unitOfWork.commit(
          fixtures.change(organizationId, { writes: [fixtures.writeCompany(next, version, `${about} ${attempt}`)] })
        )
      )
      if (Result.isSuccess(result)) return attempt
      if (result.failure._tag !== "VersionConflict") return yield* Effect.fail(result.failure)
    }
    return yield* Effect.fail(new UnitOfWork.VersionConflict({ kind: "company", id, expected: 0, found: 0 }))
  })

/** Clients that add one; in lockstep all read the same version before any of them commits, so all but one conflict. */
const additions = (lockstep: boolean) =>
  fc.record({
    count: fc.integer({ min: 2, max: 6 }),
    each: fc.integer({ min: 1, max: 2 }),
    lockstep: fc.constant(lockstep)
  })

/** No lost updates. */
export const repo05: Law<RepositoryInstance> = {
  id: "REPO-05",
  title: "Changes made by reading, deciding and committing again after a conflict all count",
  rationale: "A brand added while a colleague adds another must not be gone a second later.",
  level: core,
  parts: [
    check({
      name: "race",
      kind: "race",
      interleavings: 3,
      effort: 0.6,
      labels: { "met a conflict": 0.1 },
      input: [additions(true), additions(false)],
      check: (instance, { count, each, lockstep }, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, count)
          yield* instance.services.unitOfWork.commit(
            fixtures.change(organizationId, {
              writes: [fixtures.writeCompany(fixtures.company(organizationId, 0, "0"), 0)]
            })
          )
          const barrier = yield* barrierFor(count)
          const add = (index: number) =>
            Effect.gen(function* () {
              let attempts = 0
              for (let time = 0; time < each; time++) {
                const afterRead = lockstep && time === 0 ? barrier.arrive : Effect.void
                attempts += yield* addOne(clients(index), organizationId, `client ${index} ${time}`, afterRead)
              }
              return attempts
            })
          const finishes = yield* race(
            testCase,
            Array.from({ length: count }, (_, index) => Effect.ensuring(add(index), barrier.lift))
          )
          const attempts = yield* Effect.forEach(finishes, ({ exit }) => exit)
          if (attempts.some((tried) => tried > each)) testCase.label("met a conflict")
          testCase.note(`attempts: ${attempts.join(", ")}`)
          const { state, version } = yield* instance.services.repository.find(
            "company",
            organizationId,
            fixtures.idOf("company", organizationId, 0)
          )
          yield* mustEqual(`${count} clients that added one ${each} times did not add up`, {
            expected: { name: String(count * each), version: count * each + 1 },
            actual: { name: state.name, version }
          })
        })
    })
  ]
}
