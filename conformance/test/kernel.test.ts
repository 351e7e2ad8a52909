import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { budgets } from "../src/Budget.ts"
import { runMutant } from "../src/matrix.ts"
import type { Port } from "../src/Port.ts"
import * as ReplayToken from "../src/ReplayToken.ts"
import { open, runAll, runPart } from "../src/run.ts"
import { replay } from "../src/replay.ts"
import { type Plan } from "../src/judge.ts"
import { runPort } from "../src/runPort.ts"
import type { Subject } from "../src/Subject.ts"
import * as text from "../src/text.ts"
import { alone, correct, losesUpdates, overflows, port, subject, type Counter, type CounterInstance } from "./toy.ts"

const plan: Plan = { budget: budgets.smoke, seed: 7, freshSeed: 1, known: [], today: "2027-01-01" }

const verdicts = async (under: Subject<CounterInstance>, how: Plan = plan) => {
  const opened = await open(under)
  const results = await runAll(port, opened, how)
  await opened.close()
  return results
}

const tagsOf = async (under: Subject<CounterInstance>, how?: Plan) =>
  Object.fromEntries((await verdicts(under, how)).map((each) => [`${each.law}/${each.part}`, each.verdict._tag]))

const firstVerdict = async (make: () => Counter) => (await verdicts(subject("wrong", make)))[0]?.verdict

describe("verdicts", () => {
  test("a correct adapter passes, and a feature that it does not claim does not apply", async () => {
    expect(await tagsOf(port.reference)).toEqual({
      "CNT-01/alone": "Pass",
      "CNT-01/race": "Pass",
      "CNT-02/alone": "Pass",
      "CNT-03/alone": "Pass",
      "CNT-04/alone": "NotApplicable"
    })
  })

  test("a lost update is found though the default scheduler hides it", async () => {
    const tags = await tagsOf(subject("loses updates", losesUpdates))
    expect(tags["CNT-01/alone"]).toBe("Pass")
    expect(tags["CNT-01/race"]).toBe("Fail")
  })

  test("a missing probe is not verified, excused with a reason, or attested, and never a pass", async () => {
    expect((await tagsOf(subject("no dump", correct)))["CNT-03/alone"]).toBe("NotVerified")
    const declared = (manifest: Partial<Subject<CounterInstance>["manifest"]>) =>
      subject("declares", correct, { manifest: { features: [], clock: "effect", ...manifest } })
    expect((await tagsOf(declared({ attested: { dump: "a managed service" } })))["CNT-03/alone"]).toBe("Attested")
    const excused = (await verdicts(declared({ notVerified: { dump: "not built yet" } }))).find(
      (each) => each.law === "CNT-03"
    )
    expect(excused?.verdict).toEqual({ _tag: "NotVerified", reason: "not built yet", excused: true })
  })

  test("races are not verified where nothing overlaps, and time where the store keeps its own", async () => {
    const tags = await tagsOf(
      subject("far away", correct, { place: "outside", manifest: { features: [], clock: "store" } })
    )
    expect(tags["CNT-01/race"]).toBe("NotVerified")
    expect(tags["CNT-02/alone"]).toBe("NotVerified")
  })

  test("a store that reads Effect's clock is moved in time without being simulated", async () => {
    expect((await tagsOf(subject("outside", correct, { place: "outside" })))["CNT-02/alone"]).toBe("Pass")
  })

  test("an environment that gives no instance is an error, not a failure", async () => {
    let given = 0
    const flaky = subject("flaky", correct, {
      open: Effect.succeed(
        Effect.suspend(() =>
          given++ === 0 ? Effect.succeed({ counter: correct(), probes: {} }) : Effect.fail("no disk")
        )
      )
    })
    expect((await tagsOf(flaky))["CNT-01/alone"]).toBe("Error")
  })

  test("a subject that cannot be opened says so", async () => {
    await expect(open(subject("absent", correct, { open: Effect.fail("connection refused") }))).rejects.toThrow(
      "absent could not be opened"
    )
  })
})

describe("everything that goes wrong becomes a shrunk violation", () => {
  const natureOf = async (make: () => Counter) => {
    const verdict = await firstVerdict(make)
    return verdict?._tag === "Fail" ? verdict.refutation.counterexample : undefined
  }

  test("a broken promise shows what was expected and seen, in the shortest case", async () => {
    const found = await natureOf(overflows)
    expect(found?.violation.nature).toBe("broken")
    expect(found?.violation).toMatchObject({ summary: "an addition was lost", expected: "11", actual: "10" })
    expect(found?.length).toBeLessThanOrEqual(4)
    expect(found?.story.at(-1)).toMatch(/read 10$/)
  })

  test("a defect", async () => {
    const crashes = () => ({ ...correct(), add: () => Effect.die(new TypeError("row is undefined")) })
    expect((await natureOf(crashes))?.violation).toMatchObject({
      nature: "defect",
      summary: expect.stringContaining("row is undefined")
    })
  })

  test("an error that the law does not foresee", async () => {
    const fails = () => ({ ...correct(), add: () => Effect.fail(new Error("disk full")) })
    expect((await natureOf(fails))?.violation).toMatchObject({
      nature: "unexpected-error",
      summary: expect.stringContaining("disk full")
    })
  })

  test("no call of a process that stood still for longer than a case may take", async () => {
    let calls = 0
    const stalls = () => {
      const counter = correct()
      const stand = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700)
      return {
        ...counter,
        add: (amount: number) =>
          Effect.andThen(
            Effect.sync(() => calls++ === 3 && stand()),
            counter.add(amount)
          )
      }
    }
    const opened = await open(subject("stalls", stalls))
    const [law] = port.laws
    if (law === undefined) throw new Error("the toy port has laws")
    const hurried = { ...plan, budget: { ...plan.budget, caseMillis: 500 } }
    expect(await runPart(opened, law, alone, hurried)).toMatchObject({ verdict: { _tag: "Pass" } })
    await opened.close()
  })

  test("a call that never answers", async () => {
    const opened = await open(subject("hangs", () => ({ ...correct(), add: () => Effect.never })))
    const [law] = port.laws
    if (law === undefined) throw new Error("the toy port has laws")
    const hurried = { ...plan, budget: { ...plan.budget, caseMillis: 50, partMillis: 2_000 } }
    const { verdict } = await runPart(opened, law, alone, hurried)
    await opened.close()
    expect(verdict).toMatchObject({
      _tag: "Fail",
      refutation: { counterexample: { violation: { nature: "timed-out" } } }
    })
  })

  test("a call that keeps itself busy for ever", async () => {
    const busy = () => ({ ...correct(), add: () => Effect.forever(Effect.yieldNow) })
    const opened = await open(subject("busy", busy))
    const [law] = port.laws
    if (law === undefined) throw new Error("the toy port has laws")
    const { verdict } = await runPart(opened, law, alone, {
      ...plan,
      budget: { ...plan.budget, caseMillis: 50, partMillis: 2_000 }
    })
    await opened.close()
    expect(verdict).toMatchObject({
      _tag: "Fail",
      refutation: { counterexample: { violation: { nature: "timed-out" } } }
    })
  })

  test("time that is up during the first case shows nothing about the adapter", async () => {
    const opened = await open(subject("slow", () => ({ ...correct(), add: () => Effect.never })))
    const [law] = port.laws
    if (law === undefined) throw new Error("the toy port has laws")
    const { verdict } = await runPart(opened, law, alone, {
      ...plan,
      budget: { ...plan.budget, caseMillis: 2_000, partMillis: 100 }
    })
    await opened.close()
    expect(verdict).toMatchObject({ _tag: "NotVerified", reason: expect.stringMatching(/^time was up after 0 cases/) })
  })
})

describe("META-04 same seed, same run", () => {
  test.each([
    ["correct", correct],
    ["loses updates", losesUpdates]
  ] as const)("%s", async (name, make) => {
    const told = async () => (await verdicts(subject(name, make))).map(({ millis: _, ...rest }) => rest)
    expect(await told()).toEqual(await told())
  })

  test("another seed is another run", async () => {
    const digests = async (seed: number) =>
      (await verdicts(port.reference, { ...plan, seed })).map((each) => each.digest)
    expect(await digests(1)).not.toEqual(await digests(2))
  })
})

describe("META-06 order and company do not matter", () => {
  test("each law alone gives the verdict and the trace that it gives among the others", async () => {
    const all = await verdicts(subject("loses updates", losesUpdates))
    const opened = await open(subject("loses updates", losesUpdates))
    for (const law of port.laws.toReversed()) {
      for (const result of await runAll(port, opened, plan, { isSelected: (id) => id === law.id })) {
        const among = all.find((each) => each.law === result.law && each.part === result.part)
        expect(result.digest).toBe(among?.digest)
        expect(result.verdict._tag).toBe(among?.verdict._tag)
      }
    }
    await opened.close()
  })
})

describe("META-11 replay", () => {
  const tokenOf = async (make: () => Counter) => {
    const found = (await verdicts(subject("wrong", make))).find((each) => each.verdict._tag === "Fail")
    const token = found?.verdict._tag === "Fail" ? ReplayToken.read(found.verdict.refutation.token) : undefined
    if (token === undefined) throw new Error("nothing failed")
    return token
  }
  const again = async (token: ReplayToken.ReplayToken, make: () => Counter) => {
    let calls = 0
    const counted = () => {
      calls += 1
      return make()
    }
    const opened = await open(subject("again", counted))
    calls = 0
    const outcome = await replay(port, opened, token, 1_000)
    await opened.close()
    return { outcome: outcome._tag, calls }
  }

  test("runs exactly the shrunk case, alone and in a race", async () => {
    expect(await again(await tokenOf(overflows), overflows)).toEqual({ outcome: "FailsAsBefore", calls: 1 })
    expect((await again(await tokenOf(losesUpdates), losesUpdates)).outcome).toBe("FailsAsBefore")
  })

  test("says so when the defect is gone, is another one, or the suite is", async () => {
    const token = await tokenOf(overflows)
    expect(await again(token, correct)).toEqual({ outcome: "NoLongerFails", calls: 1 })
    const crashes = () => ({ ...correct(), add: () => Effect.die("gone") })
    expect((await again(token, crashes)).outcome).toBe("FailsDifferently")
    expect((await again({ ...token, suite: "0.9.0" }, correct)).outcome).toBe("OtherSuiteVersion")
  })

  test("tokens are short and survive writing and reading; other text is refused", async () => {
    const token = await tokenOf(overflows)
    expect(token.law).toBe("CNT-01")
    for (const text of ["", "CNT-01", "1.2.0:CNT-01:alone:x:00000000:0", "1.2.0:CNT-01:alone:1:00000000:0;rm"]) {
      expect(ReplayToken.read(text)).toBeUndefined()
    }
  })
})

describe("known failures", () => {
  const entry = { law: "CNT-01/alone", reason: "being fixed", link: "https://example.org/1", expires: "2027-02-01" }
  const options = { profile: "smoke", seed: 0, freshSeed: 0, laws: [], today: "2027-01-01" } as const
  const dumpless = { manifest: { features: [], clock: "effect", notVerified: { dump: "none" } } } as const

  test("make the run green, not the adapter conformant", async () => {
    const report = await runPort(port, subject("overflows", overflows, dumpless), { ...options, known: [entry] })
    expect(report.statement).toMatchObject({ green: true, conformant: false })
    expect(report.totals).toMatchObject({ KnownFailure: 1, Pass: 1, NotVerified: 1, NotApplicable: 1 })
  })

  test("are red when they pass, are over, or name no law", async () => {
    const green = async (make: () => Counter, more: object) =>
      (await runPort(port, subject("x", make, dumpless), { ...options, known: [{ ...entry, ...more }] })).statement
        .green
    expect(await green(correct, {})).toBe(false)
    expect(await green(correct, { law: "CNT-02" })).toBe(false)
    expect(await green(overflows, { expires: "2026-12-31" })).toBe(false)
    expect(await green(correct, { law: "CNT-99" })).toBe(false)
  })
})

describe("a rare case is noticed", () => {
  test("META-05 a label below its share makes the law not verified", async () => {
    const [law] = port.laws
    if (law === undefined) throw new Error("the toy port has laws")
    const { forAll } = await import("../src/forAll.ts")
    const fc = await import("fast-check")
    const rare = forAll<CounterInstance, number>({
      name: "alone",
      kind: "property",
      labels: { conflict: 0.1 },
      input: fc.integer(),
      check: () => Effect.void
    })
    const opened = await open(port.reference)
    const { verdict } = await runPart(opened, law, rare, plan)
    await opened.close()
    expect(verdict).toMatchObject({ _tag: "NotVerified", reason: expect.stringContaining("generator unhealthy") })
  })
})

describe("mutants", () => {
  const fate = async (under: Subject<CounterInstance>, law = "CNT-01", longest = 5) => {
    const one: Port<CounterInstance> = { ...port, mutants: [] }
    return (await runMutant(one, { id: "m", law, defect: "x", longest, subject: under }, budgets.smoke)).fate._tag
  }
  test("count as caught only by their own law's words, in a short case", async () => {
    expect(await fate(subject("overflows", overflows))).toBe("Caught")
    expect(await fate(subject("overflows", overflows), "CNT-01", 1)).toBe("CaughtAtLength")
    expect(await fate(subject("overflows", overflows), "CNT-02")).toBe("Survived")
    expect(await fate(subject("crashes", () => ({ ...correct(), add: () => Effect.die("x") })))).toBe("FailedOtherwise")
  })
})

describe("META-03 failures speak", () => {
  test("a failure shows law, reason, case, story and how to run it again, and nothing of the suite", async () => {
    const report = await runPort(port, subject("overflows", overflows), {
      profile: "smoke",
      seed: 0,
      freshSeed: 0,
      laws: [],
      today: "2027-01-01",
      known: []
    })
    const told = text.summary(report, "npm run conformance --")
    for (const part of [
      "CNT-01",
      "Additions add up",
      "Else money is lost.",
      "expected 11",
      "actual   10",
      "--replay 1.2.0:CNT-01:alone:"
    ]) {
      expect(told).toContain(part)
    }
    expect(told).not.toMatch(/at .*\.ts:|Refuted|fast-check|asyncProperty/)
  })
})
