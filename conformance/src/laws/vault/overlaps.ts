/** VAULT-36: any two calls that overlap, and everything that can be seen afterwards. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { show } from "../../show.ts"
import { must } from "../../Violation.ts"
import { type Answer, type Request, type CallName, type Moment, type State, after, callNames } from "./spec.ts"
import { requestOf, drawn, follow, isOffered, momentOf, one, perform, stateOf } from "./specCalls.ts"
import { check, clientsOf } from "./support.ts"
import type { VaultInstance } from "./VaultInstance.ts"

/** Each pair of calls once; sealing anew has a law of its own, for it needs keys. */
const pairs = callNames.flatMap((first, index) =>
  callNames.slice(index).map((second): readonly [CallName, CallName] => [first, second])
)

/** What a case begins with: a secret that is there, leased or not, or was. */
const leased = [one("put"), one("acquire", { minutes: 5 })]
const beginnings = [leased, leased, [one("put")], [], [one("put"), one("remove")]]

/** Who prolongs a lease or gives it back has one. */
const beginningsOf = (pair: readonly [CallName, CallName]) =>
  pair.includes("renew") || pair.includes("release") ? [leased] : beginnings

/** What is looked at afterwards: the secret, its lease and fence, its version. */
const looks = [one("get"), one("acquire", { client: 1, minutes: 1 }), one("swap"), one("put"), one("get")]

interface Done {
  readonly request: Request
  readonly answer: Answer
}

/** Whether the calls explain their answers in this order, and all that was seen after them. */
const explains = (state: State, order: ReadonlyArray<Done>, moment: Moment): boolean => {
  let now: State | undefined = state
  for (const { request, answer } of order) now = now && after(now, request, answer, moment)
  return now !== undefined
}

/** Looks at everything that can be seen of a secret, call by call. */
const lookedAt = Effect.fnUntraced(function* (
  instance: VaultInstance,
  known: Parameters<typeof requestOf>[0],
  now: number
) {
  const seen: Array<Done> = []
  let version = 0
  for (const [index, look] of looks.entries()) {
    if (!isOffered(instance.vault, look.call)) continue
    const drawnFor = requestOf(known, look, `look ${index}`, now)
    const request = drawnFor.call === "swap" ? { ...drawnFor, expected: version, fence: undefined } : drawnFor
    const answer = yield* perform(instance.vault, instance.organizations[0], "grant", request)
    if ("version" in answer) version = answer.version
    seen.push({ request, answer })
  }
  return seen
})

/** Two calls act one after the other. */
export const vault36: Law<VaultInstance> = {
  id: "VAULT-36",
  title:
    "Any two calls on one secret that overlap leave all that one after the other leaves: secret, version and lease",
  rationale:
    "Each call is right by itself and wrong beside another: a lease written over a removal, a version given twice. " +
    "What two workers do at once is found by the customer, months later.",
  checkFirst:
    "Look at the two calls that the story names: each has to read and write its row in one conditional statement, or " +
    "under one lock. Columns that a call has no business with are not written back.",
  see: ["TokenVault"],
  level: core,
  parts: [
    check({
      name: "race",
      kind: "race",
      minimum: pairs.length,
      interleavings: 6,
      input: turnOf(pairs, (pair) =>
        fc.record({
          pair: fc.constant(pair),
          begins: fc.constantFrom(...beginningsOf(pair)),
          first: drawn({ get: 1 }),
          second: drawn({ get: 1 })
        })
      ),
      check: (instance, { begins, first, pair, second }, testCase) =>
        Effect.gen(function* () {
          const calls = pair.map((call, index) => {
            const { fenced, minutes, which } = index === 0 ? first : second
            // Mostly by the holder: whoever has no lease changes nothing.
            const isHolder = (call === "renew" || call === "release") && minutes !== 5
            return one(call, { fenced, minutes, which: isHolder ? "latest" : which })
          })
          if (!calls.every(({ call }) => isOffered(instance.vault, call))) return
          const [organizationId] = instance.organizations
          const known = yield* follow(instance, begins, testCase)
          const clients = yield* clientsOf(instance, 2)
          const now = testCase.now()
          const request = calls.map((each, index) => requestOf(known, each, `of client ${index}`, now))
          const moment = momentOf(testCase, known)
          const finishes = yield* race(
            testCase,
            request.map((each, index) => perform(clients(index), organizationId, "grant", each))
          )
          const answers = yield* Effect.forEach(finishes, ({ exit }) => exit)
          const [left, right] = answers.flatMap((answer, index): ReadonlyArray<Done> => {
            const each = request[index]
            return each === undefined ? [] : [{ request: each, answer }]
          })
          const seen = yield* lookedAt(instance, known, now)
          for (const each of [left, right, ...seen]) testCase.note(`${each?.request.call} -> ${show(each?.answer)}`)
          if (left === undefined || right === undefined) return
          const state = stateOf(known, { organization: 0, reference: "grant" })
          yield* must(
            explains(state, [left, right, ...seen], moment) || explains(state, [right, left, ...seen], moment),
            `${pair[0]} and ${pair[1]} at once left what no order of the two explains`
          )
        })
    })
  ]
}
