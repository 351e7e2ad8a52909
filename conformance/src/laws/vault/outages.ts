/** VAULT-34: a storage that is away. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { show } from "../../show.ts"
import { must } from "../../Violation.ts"
import { after, callNames } from "./spec.ts"
import { requestOf, follow, isOffered, momentOf, one, perform, stateOf } from "./specCalls.ts"
import { check, probe } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"

const beginnings = [[one("put")], [one("put"), one("acquire", { minutes: 5 })], []]

/** Each call in a long outage and in a short one. */
const turns = [true, false].flatMap((isLong) => callNames.map((call) => ({ call, isLong })))

/** An outage says nothing about secrets. */
export const vault34: Law<VaultInstance> = {
  id: "VAULT-34",
  title: "While the storage is away each call says that and nothing else; afterwards everything is as it was",
  rationale:
    "An outage that reads as 'no such secret', 'no lease' or 'not removed' makes a worker do what nobody said: it " +
    "asks the customer to consent anew, or works beside the holder of a lease.",
  checkFirst:
    "Look at how errors of the driver are caught: by the statement that failed, as VaultUnavailable. A catch that " +
    "gives an empty list, `false` or SecretNotFound turns every outage into an answer.",
  see: ["VaultUnavailable", "TokenVault"],
  level: core,
  parts: [
    check({
      name: "outage",
      kind: "property",
      needs: ["outage"],
      minimum: turns.length,
      labels: { unavailable: 0.4 },
      input: turnOf(turns, (turn) =>
        fc.record({ turn: fc.constant(turn), begins: fc.constantFrom(...beginnings), fenced: fc.boolean() })
      ),
      check: (instance, { begins, fenced, turn: { call, isLong } }, testCase) =>
        Effect.gen(function* () {
          if (!isOffered(instance.vault, call)) return
          const { organizations, vault } = instance
          const known = yield* follow(instance, begins, testCase)
          const request = requestOf(known, one(call, { fenced }), "during the outage", testCase.now())
          yield* probe(instance, "outage")(isLong ? 1_000 : 1)
          const answer = yield* perform(vault, organizations[0], "grant", request)
          yield* probe(instance, "outage")(0)
          testCase.note(`${call} while the storage is away ${isLong ? "for long" : "for one call"} -> ${show(answer)}`)
          const at = { organization: 0, reference: "grant" } as const
          const before = stateOf(known, at)
          const isTold = "refused" in answer && answer.refused === "VaultUnavailable"
          if (isTold) testCase.label("unavailable")
          // A call that tried again once the storage was back may have its answer.
          const next = after(before, request, answer, momentOf(testCase, known))
          yield* must(isTold || (!isLong && next !== undefined), `${call} answered although the storage was away`, {
            expected: "VaultUnavailable",
            actual: answer
          })
          if (next !== undefined) known.states.set("grant of organization 0", next)
          yield* follow(instance, [one("get"), one("acquire", { client: 1 }), one("swap")], testCase, known)
        })
    })
  ]
}
