/** REPO-51: a store that is away. */
import type { Id } from "@portolan/domain"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { show } from "../../show.ts"
import { must, mustEqual } from "../../Violation.ts"
import { scopeOf } from "./commandRunner.ts"
import { methods, profileOf } from "./everyMethod.ts"
import * as fixtures from "./fixtures/index.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { answer, check, mustBeSame, outcome, probe, tagOf } from "./support.ts"

type OrganizationId = Id.OrganizationId
type Call = (services: Services, caller: OrganizationId, about: OrganizationId) => Effect.Effect<unknown>

const page = { limit: 3 }

/** The lists of the installation, which the law about organizations leaves out. */
const ofInstallation: ReadonlyArray<readonly [string, Call]> = [
  ["organizations", ({ repository }) => answer(repository.organizations(undefined, page))],
  ["advertisers", ({ repository }) => answer(repository.advertisers({}, page))],
  ["awaited", ({ repository }) => answer(repository.awaited({}, page))],
  ["incidents", ({ repository }) => answer(repository.incidents())],
  ["linked", ({ repository }) => answer(repository.linked("amazon-ads"))]
]

const leftOut = new Set([...ofInstallation.map(([name]) => name), "follow"])

/** Every reading method of the ports but `follow`, which goes on until the store is back. */
const reads: ReadonlyArray<readonly [string, Call]> = [
  ...methods.filter(([name]) => !leftOut.has(name)),
  ...ofInstallation
]

const isUnavailable = (seen: unknown): boolean =>
  typeof seen === "object" && seen !== null && "_tag" in seen && seen._tag === "StoreUnavailable"

/** Everything that a method answered: some ask several questions. */
const answersOf = (seen: unknown): ReadonlyArray<unknown> => (Array.isArray(seen) && seen.length > 0 ? seen : [seen])

/** A change with a part of each kind. */
const changeOf = (organizationId: OrganizationId) =>
  fixtures.change(organizationId, {
    writes: [fixtures.writeCompany(fixtures.company(organizationId, 0, "written by change 1"), 0)],
    claims: [fixtures.hold(organizationId, profileOf(organizationId), 0)],
    jobs: [fixtures.job(organizationId, 0)],
    idempotency: { key: "key 0", fingerprint: "fingerprint 0", resource: "made" }
  })

/** An outage says nothing about what is stored. */
export const repo51: Law<RepositoryInstance> = {
  id: "REPO-51",
  title: "While the store is away every method says so and nothing else; a change is then made, or not, as a whole",
  rationale:
    "A list that is empty because the database restarts tells a customer that they have no accounts; a lookup that " +
    "finds nothing signs everybody out; a page saved by half is repaired by hand.",
  checkFirst:
    "Look at how errors of the driver are caught: as StoreUnavailable, by the statement that failed. A catch around " +
    "a lookup or a list that gives nothing, or NotFound, answers for a store that said nothing.",
  see: ["StoreUnavailable", "CommitError"],
  level: core,
  parts: [
    check({
      name: "reads",
      kind: "property",
      needs: ["outage"],
      effort: 0.4,
      minimum: reads.length,
      input: turnOf(reads, ([name]) => fc.constant(name)),
      check: (instance, name, testCase) =>
        Effect.gen(function* () {
          const { organizations, services } = instance
          const [organizationId] = organizations
          yield* services.unitOfWork.commit(changeOf(organizationId))
          const call = reads.find(([each]) => each === name)?.[1]
          if (call === undefined) return
          yield* probe(instance, "outage")(1_000)
          const seen = yield* call(services, organizationId, organizationId)
          yield* probe(instance, "outage")(0)
          testCase.note(`${name} while the store is away -> ${show(seen)}`)
          for (const each of answersOf(seen)) {
            yield* must(isUnavailable(each), `${name} answered although the store was away`, {
              expected: "StoreUnavailable",
              actual: each
            })
          }
          const later = yield* call(services, organizationId, organizationId)
          yield* must(!answersOf(later).some(isUnavailable), `${name} goes on to fail when the store is back`)
        })
    }),
    check({
      name: "commit",
      kind: "property",
      needs: ["outage"],
      effort: 0.3,
      minimum: 8,
      input: fc.record({ calls: fc.constantFrom(1, 1_000), isLookup: fc.boolean() }),
      check: (instance, { calls, isLookup }, testCase) =>
        Effect.gen(function* () {
          const { organizations, services } = instance
          const [organizationId] = organizations
          const change = changeOf(organizationId)
          const { log, repository, unitOfWork } = services
          yield* probe(instance, "outage")(calls)
          const result = yield* outcome(unitOfWork.commit(change))
          const looked = isLookup
            ? yield* outcome(unitOfWork.idempotentResource(organizationId, "key 0", "fingerprint 0"))
            : undefined
          yield* probe(instance, "outage")(0)
          testCase.note(`commit while the store is away for ${calls} calls -> ${tagOf(result)}`)
          if (calls > 1) {
            yield* mustEqual("a change was answered although the store was away", {
              expected: ["StoreUnavailable", isLookup ? "StoreUnavailable" : "not called"],
              actual: [tagOf(result), looked === undefined ? "not called" : tagOf(looked)]
            })
          }
          const register = Register.make(organizations)
          const again = yield* outcome(unitOfWork.commit(change))
          yield* mustEqual("a change that was repeated after an outage did not take effect once", {
            expected: true,
            actual: Result.isSuccess(again) || tagOf(again) === "AlreadyDone"
          })
          if (Result.isSuccess(result)) {
            yield* mustEqual("a change that was acknowledged in an outage was not there after it", {
              expected: "AlreadyDone",
              actual: tagOf(again)
            })
          }
          Register.enter(register, change)
          const scope = scopeOf(instance, organizationId)
          yield* mustBeSame("after an outage a change is there by half", {
            expected: Register.expectedView(register, organizationId, scope),
            actual: yield* Register.view({ log, repository, unitOfWork }, organizationId, scope)
          })
        })
    })
  ]
}
