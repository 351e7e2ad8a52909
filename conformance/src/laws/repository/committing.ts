/** REPO-01: what is committed can be read. */
import { Effect, Result } from "effect"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import { commands, commandsAfter } from "./commandGenerator.ts"
import { scopeOf, walk } from "./commandRunner.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, clientsOf, mustBeSame, outcome, probe } from "./support.ts"

/** Committed state is readable. */
export const repo01: Law<RepositoryInstance> = {
  id: "REPO-01",
  title: "What was committed is read by everybody at once, at the version that the commit told",
  rationale: "A person who finishes a connection and lands on its page must not see it unfinished.",
  checkFirst:
    "Look for a read replica or a cache behind `find`. If only the told version differs, look at what `commit` " +
    "returns: one more than each write expected.",
  see: ["Repository.find", "UnitOfWork.commit"],
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
