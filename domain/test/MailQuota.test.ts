/** How many emails leave an organization in a day. */
import { describe, expect, it } from "@effect/vitest"
import { MailQuota } from "@portolan/domain"
import { DateTime, Result } from "effect"
import fc from "fast-check"

const start = DateTime.makeUnsafe("2026-11-22T08:00:00Z").epochMilliseconds
const at = (minutes: number) => DateTime.makeUnsafe(start + minutes * 60_000)
const day = 24 * 60

/** What is asked for, in the order of time: after how many minutes, and emails to whom. */
const asked = fc.array(
  fc.record({
    wait: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 900 })),
    to: fc.oneof(
      fc.array(fc.constantFrom("olive@x.example", "OLIVE@x.example", "bo@x.example"), { minLength: 1, maxLength: 4 }),
      fc
        .integer({ min: 20, max: 100 })
        .map((many) => Array.from({ length: many }, (_, one) => `person${one}@x.example`))
    )
  }),
  { minLength: 1, maxLength: 40 }
)

describe("emails to people outside", () => {
  it("never exceed the limits in any 24 hours, and what is refused is accepted at the instant that is named and not before", () => {
    fc.assert(
      fc.property(asked, (all) => {
        const sent: Array<MailQuota.Sent> = []
        let now = 0
        for (const { to, wait } of all) {
          now += wait
          const answer = MailQuota.check(sent, to, at(now))
          if (Result.isSuccess(answer)) {
            for (const one of to) sent.push({ to: one, at: at(now) })
            continue
          }
          const { reason, retryAt } = answer.failure
          expect(reason).toBe("too-many")
          if (retryAt === undefined)
            return expect.unreachable("only more than a day's emails at once are never accepted")
          const before = DateTime.makeUnsafe(retryAt.epochMilliseconds - 1)
          expect(DateTime.isGreaterThan(retryAt, at(now))).toBe(true)
          expect(Result.isFailure(MailQuota.check(sent, to, before))).toBe(true)
          expect(Result.isSuccess(MailQuota.check(sent, to, retryAt))).toBe(true)
        }
        // In the order of time: the one that many places further on is a day later at least.
        const spread = (own: ReadonlyArray<MailQuota.Sent>, most: number) => {
          for (const [index, { at: first }] of own.entries()) {
            const later = own[index + most]
            if (later !== undefined)
              expect(later.at.epochMilliseconds - first.epochMilliseconds).toBeGreaterThanOrEqual(day * 60_000)
          }
        }
        spread(sent, MailQuota.limit)
        for (const own of Map.groupBy(sent, ({ to }) => to.toLowerCase()).values()) spread(own, MailQuota.addressLimit)
      }),
      { numRuns: 60 }
    )
  })

  it("more than a day's at once are refused for good", () => {
    const many = Array.from({ length: MailQuota.addressLimit + 1 }, () => "olive@x.example")
    for (const wanted of [many, Array.from({ length: MailQuota.limit + 1 }, (_, n) => `person${n}@x.example`)]) {
      const answer = MailQuota.check([], wanted, at(0))
      expect(Result.isFailure(answer) && [answer.failure.nextStep, answer.failure.retryAt]).toEqual([
        "Send fewer at once.",
        undefined
      ])
    }
  })

  it("are refused in words that name the hour", () => {
    const sent = Array.from({ length: MailQuota.addressLimit }, (_, turn) => ({ to: "olive@x.example", at: at(turn) }))
    const answer = MailQuota.check(sent, ["Olive@x.example"], at(60))
    expect(Result.isFailure(answer) && answer.failure.message).toBe(
      "olive@x.example was sent 10 emails within 24 hours. Try again after 2026-11-23 08:00 UTC."
    )
    expect(Result.isSuccess(MailQuota.check(sent, ["bo@x.example"], at(60)))).toBe(true)
  })
})
