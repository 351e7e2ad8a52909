/** REPO-23: a request that is repeated takes effect once. */
import type { Id } from "@portolan/domain"
import type { UnitOfWork } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { commandsAfter } from "./commandGenerator.ts"
import { walk } from "./commandRunner.ts"
import * as fixtures from "./fixtures/index.ts"
import * as Register from "./Register.ts"
import { manyKeys } from "./sameAccount.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { check, clientsOf, outcome, tagOf } from "./support.ts"

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
  rationale: "A person who presses the button twice on a bad line must not find two companies with one name.",
  checkFirst:
    "Look at when the idempotency key is written: in the transaction of the change, under a unique index over " +
    "organization and key. A used key with another fingerprint is KeyReused, also in a race.",
  see: ["IdempotencyRecord", "UnitOfWork.idempotentResource"],
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
              expected: before?.fingerprint === idempotency.fingerprint ? before.resource : before && "KeyReused",
              actual: Result.isSuccess(looked) ? looked.success : looked.failure._tag
            })
          })
        )
    }),
    manyKeys,
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
            expected: fingerprints.map((fingerprint, who) => {
              if (who === winner) return "ok"
              return fingerprint === fingerprints[winner] ? `AlreadyDone: made by ${winner}` : "KeyReused"
            }),
            actual: answers
          })
        })
    })
  ]
}
