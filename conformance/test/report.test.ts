import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { budgets } from "../src/Budget.ts"
import { junit } from "../src/junit.ts"
import * as KnownFailures from "../src/KnownFailures.ts"
import * as Report from "../src/Report.ts"
import type { PartResult } from "../src/run.ts"
import { show } from "../src/show.ts"
import { Violation } from "../src/Violation.ts"
import * as Verdict from "../src/Verdict.ts"
import * as Redacted from "effect/Redacted"

const refutation = (summary: string): Verdict.Refutation => ({
  token: "1.2.0:LAW-01:alone:1:00000000:0",
  counterexample: {
    violation: new Violation({ summary, expected: undefined, actual: undefined, nature: "broken" }),
    input: [],
    story: [],
    length: 0,
    seed: 1,
    path: "0"
  }
})

const verdict: fc.Arbitrary<Verdict.Verdict> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Verdict.Verdict>({ _tag: "Pass" }) },
  fc.string({ unit: "binary" }).map((text): Verdict.Verdict => ({ _tag: "Fail", refutation: refutation(text) })),
  fc.constantFrom<Verdict.Verdict>(
    { _tag: "KnownFailure", refutation: refutation("x"), reason: "r", link: "l" },
    { _tag: "UnexpectedPass", reason: "r" },
    { _tag: "NotApplicable", reason: "r" },
    { _tag: "NotVerified", reason: "r", excused: true },
    { _tag: "NotVerified", reason: "r", excused: false },
    { _tag: "Attested", reason: "r" },
    { _tag: "Error", reason: "r" }
  )
)

const result = fc
  .record({
    law: fc.integer({ min: 1, max: 6 }).map((number) => `LAW-0${number}`),
    part: fc.constantFrom("alone", "race", "crash"),
    verdict
  })
  .map(({ law, part, verdict }): PartResult => ({
    law,
    part,
    verdict,
    title: "A <title> & 'quotes'",
    rationale: "",
    checkFirst: "",
    see: ["Counter"],
    level: Number(law.at(-1)) > 4 ? "durable" : "core",
    kind: "property",
    cases: 3,
    labels: {},
    seeds: [1],
    digest: "",
    millis: 1
  }))

const results = fc.uniqueArray(result, { selector: ({ law, part }) => law + part, maxLength: 14 })

const reportOf = (found: ReadonlyArray<PartResult>, complete = true) =>
  Report.make({
    port: "p",
    subject: { name: "s", version: "1", place: "in-process", manifest: { features: ["durable"], clock: "effect" } },
    budget: budgets.smoke,
    seed: 0,
    freshSeed: 0,
    known: [],
    today: "2027-01-01",
    results: found,
    complete
  })

const seed = Date.now() % 2 ** 31
console.info(`report.test.ts: seed ${seed}`)

describe("META-13 reports add up", () => {
  test("totals count each law once", () => {
    fc.assert(
      fc.property(results, (found) => {
        const report = reportOf(found)
        const sum = Object.values(report.totals).reduce((total, each) => total + each, 0)
        expect(sum).toBe(new Set(found.map(({ law }) => law)).size)
        expect(report.laws).toBe(sum)
      }),
      { seed }
    )
  })

  test("conformant means that all core laws passed or are attested, and something ran", () => {
    fc.assert(
      fc.property(results, (found) => {
        const { statement } = reportOf(found)
        const core = found.filter(({ level }) => level === "core")
        const fine = core.every((each) => ["Pass", "Attested", "NotApplicable"].includes(each.verdict._tag))
        const ran = found.some((each) => each.verdict._tag !== "NotApplicable")
        expect(statement.conformant).toBe(fine && ran)
        expect(statement.because.length === 0).toBe(statement.conformant)
        const own = found.filter(({ level }) => level === "durable")
        const kept =
          own.length > 0 && own.every((each) => ["Pass", "Attested", "NotApplicable"].includes(each.verdict._tag))
        expect(statement.features).toEqual(statement.conformant && kept ? ["durable"] : [])
      }),
      { seed }
    )
  })

  test("a run is green only if nothing failed, erred, surprised or went unchecked without a declared reason", () => {
    fc.assert(
      fc.property(results, (found) => {
        const { statement } = reportOf(found)
        const red = found.some(
          ({ verdict }) =>
            ["Fail", "Error", "UnexpectedPass"].includes(verdict._tag) ||
            (verdict._tag === "NotVerified" && !verdict.excused)
        )
        const ran = found.some((each) => each.verdict._tag !== "NotApplicable")
        expect(statement.green).toBe(!red && ran)
      }),
      { seed }
    )
  })

  test("a selection of laws makes nothing conformant, and an empty run is an error", () => {
    expect(reportOf([], true).statement).toMatchObject({ conformant: false, green: false })
    expect(reportOf([], true).statement.because).toContain("nothing ran")
    const [one] = fc.sample(result, { numRuns: 1, seed })
    if (one === undefined) throw new Error("a sample was asked for")
    expect(reportOf([{ ...one, verdict: { _tag: "Pass" } }], false).statement.conformant).toBe(false)
  })
})

describe("JUnit", () => {
  test("is well-formed whatever the failures say, and skipped parts are never counted as passed", () => {
    fc.assert(
      fc.property(results, (found) => {
        const xml = junit([reportOf(found)])
        const body = xml.replace(/<\?xml[^>]*\?>/, "")
        const open: Array<string> = []
        for (const [, close, name, selfClosing] of body.matchAll(/<(\/?)([a-z-]+)(?:\s+[a-z]+="[^"<]*")*\s*(\/?)>/g)) {
          if (close === "/") expect(open.pop()).toBe(name)
          else if (selfClosing === "") open.push(name ?? "")
        }
        expect(open).toEqual([])
        expect(body.replace(/<[^>]*>/g, "")).not.toMatch(/[<]|&(?!amp;|lt;|gt;|quot;|apos;)/)
        expect(xml).not.toMatch(/[^\P{Cc}\t\n\r]/u)
        expect(xml.match(/<skipped /g)?.length ?? 0).toBe(
          found.filter(({ verdict }) => ["KnownFailure", "NotVerified", "NotApplicable"].includes(verdict._tag)).length
        )
      }),
      { seed }
    )
  })
})

describe("known-failure files", () => {
  const entry = { law: "VAULT-03/race", reason: "r", link: "l", expires: "2027-03-31" }
  test("are read, or refused with a sentence", () => {
    expect(Result.getOrUndefined(Result.map(KnownFailures.parse(JSON.stringify([entry])), (all) => all.length))).toBe(1)
    for (const text of [
      "",
      "{}",
      "[1]",
      JSON.stringify([{ ...entry, expires: "soon" }]),
      JSON.stringify([{ ...entry, reason: "" }])
    ]) {
      const read = KnownFailures.parse(text)
      expect(Result.isFailure(read) && read.failure).toMatch(/^the known-failure file is not valid/)
    }
  })
  test("count through their last day", () => {
    expect(KnownFailures.hasExpired(entry, "2027-03-31")).toBe(false)
    expect(KnownFailures.hasExpired(entry, "2027-04-01")).toBe(true)
  })
})

test("show tells two secrets apart, which structural comparison does not", () => {
  expect(show(Redacted.make("one"))).not.toBe(show(Redacted.make("two")))
})
