/** The part of REPO-06 about connections that share an account, and the part of REPO-23 about many keys. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { opening, turnOf } from "../../inTurn.ts"
import { mustEqual } from "../../Violation.ts"
import { holdersOf } from "./claimSupport.ts"
import * as fixtures from "./fixtures/index.ts"
import { check, mustBeSame, outcome, tagOf } from "./support.ts"

/** One connection of the account takes the profile or lets go of it. */
interface Move {
  readonly does: "Hold" | "Release"
  readonly connection: 0 | 1 | 2
}

const moves = fc.array(
  fc.record<Move>({
    does: fc.constantFrom<Move["does"]>("Hold", "Hold", "Release"),
    connection: fc.constantFrom<Move["connection"]>(0, 1, 2)
  }),
  { maxLength: 6 }
)

/** The second connection asks for what the first one holds, and lets go of it. */
const takeover: ReadonlyArray<Move> = [
  { does: "Hold", connection: 0 },
  { does: "Hold", connection: 1 },
  { does: "Release", connection: 1 },
  { does: "Hold", connection: 2 }
]

/** Connections of one account do not stand in for each other. */
export const sameAccount = check({
  name: "same account",
  kind: "model",
  input: opening(takeover, moves),
  check: (instance, list, testCase) =>
    Effect.gen(function* () {
      const { organizations, services } = instance
      const [organizationId] = organizations
      const key = fixtures.profile(instance, 0)
      const accountId = fixtures.idOf("account", organizationId, 0)
      let holder: number | undefined
      for (const { connection, does } of list) {
        const claim =
          does === "Hold"
            ? { ...fixtures.hold(organizationId, key, connection), accountId }
            : fixtures.release(organizationId, key, connection)
        const result = yield* outcome(services.unitOfWork.commit(fixtures.change(organizationId, { claims: [claim] })))
        testCase.note(`connection ${connection} of the account: ${does} -> ${tagOf(result)}`)
        const isFree = holder === undefined || holder === connection
        yield* mustEqual("a connection asked for a profile that another connection of its account holds, or nobody", {
          expected: does === "Release" || isFree ? "ok" : "ProfileTaken",
          actual: tagOf(result)
        })
        if (does === "Hold" && isFree) holder = connection
        if (does === "Release" && holder === connection) holder = undefined
        yield* mustBeSame("a profile went from one connection of an account to another", {
          expected: holder === undefined ? [] : [`organization 0, connection ${holder}`],
          actual: yield* holdersOf(services, organizations, key)
        })
      }
    })
})

/** Many requests with a key each, all of them looked up again, the first one repeated. */
export const manyKeys = check({
  name: "many",
  kind: "model",
  effort: 0.05,
  minimum: 3,
  input: turnOf([7, 33, 130], (count) => fc.constant({ count })),
  check: ({ organizations: [organizationId, other], services: { unitOfWork } }, { count }) =>
    Effect.gen(function* () {
      const record = (n: number) => ({ key: `key ${n}`, fingerprint: `asked ${n}`, resource: `made ${n}` })
      for (let n = 0; n < count; n++) {
        yield* unitOfWork.commit(fixtures.change(organizationId, { idempotency: record(n) }))
        if (n % 10 === 0) yield* unitOfWork.commit(fixtures.change(other, { idempotency: record(n) }))
      }
      for (const n of [0, 1, Math.floor(count / 2), count - 2, count - 1]) {
        const { fingerprint, key, resource } = record(n)
        yield* mustEqual(`after ${count} requests, the key of request ${n} is forgotten`, {
          expected: resource,
          actual: yield* unitOfWork.idempotentResource(organizationId, key, fingerprint)
        })
      }
      const again = yield* outcome(unitOfWork.commit(fixtures.change(organizationId, { idempotency: record(0) })))
      yield* mustEqual(`after ${count} requests, the first one was repeated`, {
        expected: "AlreadyDone",
        actual: tagOf(again)
      })
    })
})
