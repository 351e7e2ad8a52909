/** VAULT-35: what was removed stays removed. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { opening, turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { type CallName } from "./spec.ts"
import { requestOf, drawn, follow, isOffered, one, perform } from "./specCalls.ts"
import { check, clientsOf, probe, reading } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"

/** Anything but a write to the secret itself. */
const besides = drawn({ get: 3, swap: 2, renew: 2, release: 2, acquire: 2, remove: 1, wait: 2, "seal anew": 1 })

const removed = [one("put"), one("acquire", { minutes: 5 }), one("remove")]

/** The same, and then everything that may put a copy of the old row back. */
const restored = [...removed, one("release"), one("renew"), one("seal anew"), one("swap"), one("wait"), one("get")]

/** Calls that may be under way while a secret is removed. */
const meeting = ["get", "acquire", "renew", "release", "seal anew", "remove"] as const satisfies ReadonlyArray<CallName>

/** What is gone does not come back. */
export const vault35: Law<VaultInstance> = {
  id: "VAULT-35",
  title: "A secret that was removed is gone for good, whatever is called, passes or restarts next to it",
  rationale:
    "A customer who disconnects is owed that their token is gone. A copy that a lease, a key change or a cache puts " +
    "back is used by the next worker as if nothing had happened.",
  checkFirst:
    "Look for code that reads a row, works, and writes the whole row back: leases and sealing anew have to change " +
    "their own columns of a row that is still there. Then look at caches and at deletions by a mark that expires.",
  see: ["TokenVault.remove"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: [
        opening(restored, fc.array(besides, { maxLength: 8, size: "max" })),
        opening(removed, fc.array(besides, { minLength: 1, maxLength: 12, size: "max" }))
      ],
      check: (instance, list, testCase) => Effect.asVoid(follow(instance, list, testCase))
    }),
    check({
      name: "restart",
      kind: "crash",
      needs: ["restart", "time"],
      minimum: 6,
      effort: 0.3,
      input: fc.array(besides, { maxLength: 4, size: "max" }),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          yield* follow(instance, [...removed, ...list], testCase)
          const reopened = yield* probe(instance, "reopen")()
          yield* mustEqual("a secret that was removed is back after a restart", {
            expected: "SecretNotFound",
            actual: yield* reading(reopened, instance.organizations[0], "grant")
          })
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 6,
      input: turnOf(meeting, (call) => fc.record({ call: fc.constant(call), others: fc.integer({ min: 0, max: 2 }) })),
      check: (instance, { call, others }, testCase) =>
        Effect.gen(function* () {
          if (!isOffered(instance.vault, call)) return
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, 2)
          const known = yield* follow(instance, [one("put"), one("acquire", { minutes: 5 })], testCase)
          for (let index = 0; index < others; index++) {
            yield* follow(instance, [one("put", { reference: "grant:a" })], testCase)
          }
          if (instance.probes.keys !== undefined) yield* instance.probes.keys.rotate()
          const request = requestOf(known, one(call), "beside", testCase.now())
          const finishes = yield* race<unknown, unknown>(testCase, [
            perform(clients(0), organizationId, "grant", { call: "remove" }),
            perform(clients(1), organizationId, "grant", request)
          ])
          yield* Effect.forEach(finishes, ({ exit }) => exit)
          testCase.note(`removed while another called ${call}`)
          yield* mustEqual(`a secret came back that was removed while another called ${call}`, {
            expected: "SecretNotFound",
            actual: yield* reading(instance.vault, organizationId, "grant")
          })
        })
    })
  ]
}
