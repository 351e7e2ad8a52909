import { Effect } from "effect"
import { describe, expect, test } from "vitest"
import { budgets } from "../src/Budget.ts"
import { tokenVault } from "../src/laws/vault/tokenVault.ts"
import type { Vault, VaultInstance } from "../src/laws/vault/VaultInstance.ts"
import { replacing } from "../src/mutants/vault/mutant.ts"
import { modelSubject } from "../src/reference/vault/modelSubject.ts"
import { open, runAll } from "../src/run.ts"
import { type Plan } from "../src/judge.ts"
import { draws } from "../src/Seed.ts"
import type { Subject } from "../src/Subject.ts"

const plan: Plan = { budget: budgets.smoke, seed: 0, freshSeed: 0, known: [], today: "2027-01-01" }

const verdicts = async (subject: Subject<VaultInstance>, isSelected: (law: string) => boolean = () => true) => {
  const opened = await open(subject)
  const results = await runAll(tokenVault, opened, plan, { isSelected })
  await opened.close()
  return results
}

const notPassed = (results: Awaited<ReturnType<typeof verdicts>>) =>
  results.flatMap(({ law, part, verdict }) => (verdict._tag === "Pass" ? [] : [`${law}/${part} ${verdict._tag}`]))

/** Puts something around every call. */
const around = (wrap: <A, E>(call: Effect.Effect<A, E>) => Effect.Effect<A, E>) =>
  replacing((vault: Vault) => ({
    get: (...args) => wrap(vault.get(...args)),
    create: (...args) => wrap(vault.create(...args)),
    put: (...args) => wrap(vault.put(...args)),
    compareAndSwap: (...args) => wrap(vault.compareAndSwap(...args)),
    remove: (...args) => wrap(vault.remove(...args)),
    acquireLease: (...args) => wrap(vault.acquireLease(...args)),
    renewLease: (...args) => wrap(vault.renewLease(...args)),
    releaseLease: (...args) => wrap(vault.releaseLease(...args)),
    rewrap: (...args) => wrap(vault.rewrap(...args))
  }))

describe("META-08, 09: what is slow or watched is not wrong", () => {
  test("a vault with spans, logs and extra turns passes every law", async () => {
    const watched = around((call) =>
      Effect.logDebug("a call").pipe(Effect.andThen(Effect.yieldNow), Effect.andThen(call), Effect.withSpan("vault"))
    )
    expect(notPassed(await verdicts(modelSubject("watched", { wrap: watched })))).toEqual([])
  })

  test("a vault that takes up to two seconds a call passes every law that is not about deadlines", async () => {
    const chance = draws(5)
    const slow = around((call) =>
      Effect.andThen(
        Effect.suspend(() => Effect.sleep(chance.below(2_000))),
        call
      )
    )
    // Leases measure time: a call that takes two seconds is on the other side of the deadline.
    const aboutDeadlines = new Set(["VAULT-22", "VAULT-23", "VAULT-24", "VAULT-25", "VAULT-31", "VAULT-36"])
    const results = await verdicts(modelSubject("slow", { wrap: slow }), (law) => !aboutDeadlines.has(law))
    expect(notPassed(results)).toEqual([])
  })
})

describe("META-10: unclaimed means refused", () => {
  const without = (leases: Partial<Vault>): Subject<VaultInstance> => {
    const wrap = (vault: Vault): Vault => ({ ...vault, ...leases, features: new Set(["durable"] as const) })
    const subject = modelSubject("without leases", { wrap })
    return {
      ...subject,
      manifest: { ...subject.manifest, features: ["durable"] },
      open: Effect.map(
        subject.open,
        Effect.map((made) => ({ ...made, features: new Set(["durable"] as const) }))
      )
    }
  }

  test("a vault that refuses the leases it does not claim is not asked to keep their laws", async () => {
    const refusing = without({ acquireLease: () => Effect.die(new Error("leases are not supported")) })
    const results = await verdicts(refusing)
    expect(results.find((each) => each.law === "META-10")?.verdict._tag).toBe("Pass")
    expect(results.find((each) => each.law === "VAULT-22")?.verdict._tag).toBe("NotApplicable")
  })

  test("a vault that half supports what it does not claim fails", async () => {
    const results = await verdicts(without({}), (law) => law === "META-10")
    expect(results.map((each) => each.verdict._tag)).toEqual(["Fail"])
  })

  test("a manifest that disagrees with the running adapter is refused", async () => {
    const subject = modelSubject("boastful")
    const boastful = { ...subject, manifest: { ...subject.manifest, features: ["leases", "shred"] } }
    await expect(open(boastful)).rejects.toThrow(/manifest claims the features \[leases, shred\]/)
  })
})
