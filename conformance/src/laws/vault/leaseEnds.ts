/** VAULT-32 and 33: what a lease says of itself, and whose it is. */
import * as fc from "fast-check"
import { opening } from "../../inTurn.ts"
import type { Law } from "../../Law.ts"
import { Effect } from "effect"
import { level } from "./leaseSupport.ts"
import { type Drawn, drawn, follow, one } from "./specCalls.ts"
import { check } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"

const leasing = drawn({ put: 1, acquire: 5, renew: 3, release: 2, swap: 2, remove: 1, wait: 3, get: 1 })

const lists = (begin: ReadonlyArray<Drawn>) => opening(begin, fc.array(leasing, { maxLength: 12, size: "max" }))

/** A lease that is asked for while it is held, then renewed for another time, then asked for again. */
const renewed = [
  one("put"),
  one("acquire", { minutes: 5 }),
  one("wait", { minutes: 1 }),
  one("acquire", { client: 1, minutes: 1 }),
  one("renew", { minutes: 2 }),
  one("acquire", { client: 1, minutes: 4 })
]

/** Ends of leases are told as they are kept. */
export const vault32: Law<VaultInstance> = {
  id: "VAULT-32",
  title: "Whoever is turned away learns the end that the lease has now, and the holder the end that was asked for",
  rationale:
    "A worker that is told too late an end sleeps on a token that is free; told too early a one it asks again and " +
    "again; a holder that believes too late an end works beside its successor.",
  checkFirst:
    "Look at where `until` in LeaseHeld comes from: from the row that stands in the way, after its last renewal, not " +
    "from the life that was just asked for, nor from the end of the first grant.",
  see: ["TokenVault.acquireLease", "TokenVault.renewLease", "LeaseHeld"],
  level,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      labels: { refused: 0.5 },
      input: [lists(renewed), fc.array(leasing, { minLength: 3, maxLength: 14, size: "max" })],
      check: (instance, list, testCase) => Effect.asVoid(follow(instance, list, testCase))
    })
  ]
}

/** Both organizations keep a secret of one name, and lease it. */
const twice = [
  one("put"),
  one("put", { organization: 1 }),
  one("acquire"),
  one("acquire", { organization: 1 }),
  one("swap", { fenced: true }),
  one("release", { organization: 1 }),
  one("acquire", { client: 1, organization: 1 }),
  one("swap", { fenced: true }),
  one("renew"),
  one("acquire", { client: 1 })
]

/** Leases belong to one organization. */
export const vault33: Law<VaultInstance> = {
  id: "VAULT-33",
  title: "Leases and fences of one organization mean nothing to another that keeps a secret of the same name",
  rationale:
    "References may be alike in all organizations. A lease that crosses lets one customer's worker stop, or fence " +
    "out, another's, without either ever seeing why.",
  checkFirst:
    "Look at the key of the tables of leases and of fences: organization and reference, both. A fence counter that " +
    "all share grows by itself, and turns the holder's own swaps away.",
  see: ["TokenVault.acquireLease", "TokenVault.releaseLease", "TokenVault.compareAndSwap"],
  level,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: [
        opening(twice, fc.array(leasing, { maxLength: 6, size: "max" })),
        fc
          .array(
            leasing.map((each): Drawn => ({ ...each, reference: "grant" })),
            { minLength: 4, maxLength: 12, size: "max" }
          )
          .map((list) => list.map((each, index): Drawn => ({ ...each, organization: index % 2 === 0 ? 0 : 1 })))
      ],
      check: (instance, list, testCase) => Effect.asVoid(follow(instance, list, testCase))
    })
  ]
}
