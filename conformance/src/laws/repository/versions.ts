/** REPO-03 to 05: versions tell stale changes apart, have no gaps, and no update is lost. */
import type { Company, Id } from "@portolan/domain"
import { UnitOfWork } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { barrierFor, race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { commandsAfter } from "./commandGenerator.ts"
import { walk } from "./commandRunner.ts"
import * as fixtures from "./fixtures/index.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { check, clientsOf, outcome, tagOf } from "./support.ts"

const runners = fc.integer({ min: 2, max: 5 })

/** Stale saves are refused. */
export const repo03: Law<RepositoryInstance> = {
  id: "REPO-03",
  title: "A change is accepted exactly if each of its writes expects the stored version",
  rationale: "Two people who finish one connection at once must not overwrite each other's choice without noticing.",
  checkFirst:
    "Look at the condition of each write: the expected version belongs into the update, an expected 0 is an insert, " +
    "and a version above the stored one is as wrong as one below it.",
  see: ["Write", "VersionConflict"],
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
  rationale: "A reader that follows versions takes a gap for a change that was missed, and waits for ever.",
  checkFirst:
    "Look at what raises the version: one change, by one, for each aggregate that it writes, with no event as with " +
    "several. The first version is 1.",
  see: ["Committed"],
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
      const next: Company.Open = { ...(state as Company.Open), name: String(Number(state.name) + 1) }
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
  checkFirst:
    "Look for a retry inside the adapter that reads the new version and writes the old state again: the conflict has " +
    "to reach the caller, who decides anew.",
  see: ["VersionConflict"],
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
