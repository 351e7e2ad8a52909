/** VAULT-27, 28: what was acknowledged stays; what was interrupted is all or nothing. */
import { Effect, Exit, Fiber, Result } from "effect"
import * as fc from "fast-check"
import { core, extended, type Law } from "../../Law.ts"
import { show } from "../../show.ts"
import { must, mustEqual } from "../../Violation.ts"
import { commandsAfter, first, walk, type Command } from "./commandGenerator.ts"
import { check, probe, reading, secret } from "./support.ts"
import type { Vault, VaultInstance } from "./VaultInstance.ts"

/** Acknowledged writes survive restart. */
export const vault27: Law<VaultInstance> = {
  id: "VAULT-27",
  title: "What was acknowledged is still there after the process was killed and started again",
  rationale: "A rotated token that is lost on restart cannot be had again without the customer's consent.",
  checkFirst:
    "Look for writes that are answered before they are durable: a queue in memory, a write-behind cache, " +
    "`synchronous_commit = off`, a file without fsync.",
  see: ["VaultFeature", "TokenVault.put"],
  level: extended("durable"),
  parts: [
    check({
      name: "restart",
      kind: "crash",
      needs: ["restart"],
      effort: 0.6,
      minimum: 15,
      labels: { "something acknowledged": 0.5 },
      input: commandsAfter([first.put], { get: 0, remove: 1, put: 4, create: 2, swap: 3 }),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const last = new Map<string, { readonly command: Command; readonly entry: unknown }>()
          yield* walk(instance, list, testCase, ({ command, result, text }) =>
            Effect.sync(() => {
              if (Result.isFailure(result)) return
              const key = `${command.organization} ${command.reference}`
              if (command.call === "remove") last.set(key, { command, entry: "SecretNotFound" })
              else if (command.call !== "get") {
                last.set(key, { command, entry: { secret: text, version: result.success } })
              }
            })
          )
          const reopened = yield* probe(instance, "reopen")()
          testCase.note("killed and started again")
          if (last.size > 0) testCase.label("something acknowledged")
          for (const { command, entry } of last.values()) {
            yield* mustEqual("something acknowledged was lost in a restart", {
              expected: entry,
              actual: yield* reading(reopened, instance.organizations[command.organization], command.reference)
            })
          }
        })
    })
  ]
}

type Call = "create" | "put" | "remove" | "swap"

const writes = fc.record({
  call: fc.constantFrom<Call>("put", "swap", "put", "swap", "create", "remove"),
  present: fc.constantFrom(true, true, false)
})

const write = (
  vault: Vault,
  organizationId: VaultInstance["organizations"][0],
  call: Call,
  version: number
): Effect.Effect<unknown, unknown> => {
  switch (call) {
    case "create":
      return vault.create(organizationId, "grant", secret("after"))
    case "put":
      return vault.put(organizationId, "grant", secret("after"))
    case "swap":
      return vault.compareAndSwap(organizationId, "grant", version, secret("after"))
    case "remove":
      return vault.remove(organizationId, "grant")
  }
}

/** Reads what the case starts from, which has to be what was put there. */
const readBefore = Effect.fnUntraced(function* (
  vault: Vault,
  organizationId: VaultInstance["organizations"][0],
  present: boolean
) {
  const before = yield* reading(vault, organizationId, "grant")
  yield* mustEqual("the secret to be written over does not read as it was left", {
    expected: present ? "before" : "SecretNotFound",
    actual: typeof before === "string" ? before : before.secret
  })
  return before
})

/** Fails unless the secret is as it was before, or as the whole write leaves it. */
const allOrNothing = Effect.fnUntraced(function* (
  vault: Vault,
  organizationId: VaultInstance["organizations"][0],
  before: Effect.Success<ReturnType<typeof reading>>,
  { acknowledged, call, how }: { readonly acknowledged: boolean; readonly call: Call; readonly how: string }
) {
  const seen = yield* reading(vault, organizationId, "grant")
  const untouched = show(seen) === show(before)
  const oldVersion = typeof before === "string" ? 0 : before.version
  const complete =
    call === "remove"
      ? seen === "SecretNotFound"
      : typeof seen !== "string" && seen.secret === "after" && seen.version > oldVersion
  yield* must(!acknowledged || complete, "a write that was acknowledged did not happen", {
    expected: "all of the write",
    actual: show(seen)
  })
  yield* must(untouched || complete, `a write that ${how} left half of itself behind`, {
    expected: `${show(before)}, or all of the write`,
    actual: show(seen)
  })
})

const death = (atCall: fc.Arbitrary<number>) =>
  fc.record({ write: writes, atCall, side: fc.constantFrom("before" as const, "after" as const) })

/** Interrupted writes are all or nothing. */
export const vault28: Law<VaultInstance> = {
  id: "VAULT-28",
  title: "A write that was not acknowledged happened completely or not at all",
  rationale: "A new token under an old version number, or the other way round, is refused or overwritten later.",
  checkFirst:
    "Look for a write of several statements without a transaction: secret, nonce and version change together. Then " +
    "look at what an interrupt does between them: it has to roll back.",
  see: ["TokenVault.put", "TokenVault.create", "TokenVault.compareAndSwap", "TokenVault.remove"],
  level: core,
  parts: [
    check({
      name: "interrupted",
      kind: "crash",
      interleavings: 2,
      input: fc.record({ write: writes, afterTurns: fc.nat({ max: 12 }) }),
      check: (instance, { write: { call, present }, afterTurns }, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const version = present ? yield* vault.put(organizationId, "grant", secret("before")) : 1
          const before = yield* readBefore(vault, organizationId, present)
          const fiber = yield* Effect.forkChild(write(vault, organizationId, call, version))
          for (let turn = 0; turn < afterTurns; turn++) yield* Effect.yieldNow
          yield* Fiber.interrupt(fiber)
          const acknowledged = Exit.isSuccess(yield* Fiber.await(fiber))
          const how = acknowledged ? "done before it was interrupted" : `interrupted after ${afterTurns} turns`
          testCase.note(`${call} ${how}`)
          yield* allOrNothing(vault, organizationId, before, { acknowledged, call, how: "was interrupted" })
        })
    }),
    check({
      name: "crash",
      kind: "crash",
      needs: ["crash", "restart"],
      effort: 2,
      minimum: 40,
      labels: { died: 0.1 },
      // Every write makes one call to storage; only some make four.
      input: [death(fc.constant(1)), death(fc.integer({ min: 2, max: 4 }))],
      check: (instance, { write: { call, present }, atCall, side }, testCase) =>
        Effect.gen(function* () {
          const {
            vault,
            organizations: [organizationId]
          } = instance
          const trap = probe(instance, "crash")
          const version = present ? yield* vault.put(organizationId, "grant", secret("before")) : 1
          const before = yield* readBefore(vault, organizationId, present)
          yield* trap.arm(atCall, side)
          const exit = yield* Effect.exit(write(vault, organizationId, call, version))
          if (yield* trap.disarm()) testCase.label("died")
          testCase.note(`${call} died ${side} call ${atCall} to storage`)
          const reopened = yield* probe(instance, "reopen")()
          const acknowledged = Exit.isSuccess(exit)
          yield* allOrNothing(reopened, organizationId, before, { acknowledged, call, how: "died half-way" })
        })
    })
  ]
}
