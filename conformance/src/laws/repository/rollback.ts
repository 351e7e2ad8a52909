/** REPO-02: what is refused leaves no trace. */
import { UnitOfWork } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import { after, commands, type Focus } from "./commandGenerator.ts"
import { scopeOf, walk } from "./commandRunner.ts"
import * as fixtures from "./fixtures/index.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, mustBeSame, outcome, probe, tagOf } from "./support.ts"

/** How many aggregates one change writes, and which of them is stale, counted from 0. */
const staleAmong = (fewest: number, from: number) =>
  fc
    .tuple(fc.integer({ min: fewest, max: 6 }), fc.nat(5))
    .map(([count, at]) => ({ count, stale: from + (at % (count - from)) }))

/** Everything that the refused change of "each write" would leave behind. */
const tracesOf = Effect.fnUntraced(function* (instance: RepositoryInstance, count: number) {
  const [organizationId] = instance.organizations
  const { log, repository, unitOfWork } = instance.services
  const companies: Array<string> = []
  for (let n = 0; n < count; n++) {
    const found = yield* outcome(
      repository.find("company", organizationId, fixtures.idOf("company", organizationId, n))
    )
    companies.push(
      Result.isFailure(found) ? found.failure._tag : `${found.success.state.name}, ${found.success.version}`
    )
  }
  const completing = fixtures.change(organizationId, { completes: fixtures.job(organizationId, 0).id })
  return {
    companies,
    events: (yield* log.after(organizationId, 0, 500)).length,
    holders: (yield* repository.holders(organizationId, [fixtures.profile(instance, 0)])).length,
    key: yield* unitOfWork.idempotentResource(organizationId, "key", "asked"),
    work: tagOf(yield* outcome(unitOfWork.commit(completing)))
  }
})

/** Lists with a stale write, with a profile that another organization holds, and any. */
const refusals = (focus: Focus, maxLength: number) =>
  [
    after("accepted and refused", focus, maxLength),
    after("a profile refused beside a write", focus, maxLength),
    commands(focus, maxLength)
  ] as const

/** Rollback leaves no trace. */
export const repo02: Law<RepositoryInstance> = {
  id: "REPO-02",
  title: "A refused change leaves no trace: no state, no event, no work, no bound profile, no key",
  rationale: "Half a change is a connection without its history, or work for a connection that never came to be.",
  checkFirst:
    "Look for a statement outside the transaction: on a second connection, committed on its own, or in memory before " +
    "the checks. A refusal undoes states, events, jobs, profiles and the idempotency key together.",
  see: ["UnitOfWork.commit", "CommitError"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { refused: 0.4, accepted: 0.4 },
      input: refusals({ writes: 9, wrong: 4, claims: 4, jobs: 3, completes: 3, idempotency: 3, organizations: 2 }, 10),
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
          const { unitOfWork } = instance.services
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
          const traces = yield* tracesOf(instance, count)
          yield* mustBeSame(`a change of ${count} writes, of which number ${stale + 1} is stale, left a trace`, {
            expected: {
              companies: Array.from({ length: count }, (_, n) => (n === stale ? "before, 1" : "NotFound")),
              events: made.position,
              holders: 0,
              key: undefined,
              work: "JobGone"
            },
            actual: traces
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
      input: refusals({ writes: 9, wrong: 4, claims: 4, jobs: 3, completes: 2, idempotency: 3, organizations: 2 }, 8),
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
