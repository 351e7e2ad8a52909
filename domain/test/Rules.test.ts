/** The small rules: waits, roles, names of actors, permissions, ends of consents (rules C11, C12). */
import { describe, expect, it } from "@effect/vitest"
import { Access, Actor, Backoff, Channel, ConsentEnd, Failure, Grant, Permission } from "@portolan/domain"
import { Arbitrary, DateTime, Duration, Result, Schema } from "effect"
import { between, hour, instants, oneOf } from "./support/values.ts"

const units = Arbitrary.map(between(0, 999_999), (millionth) => millionth / 1_000_000)
const seconds = (attempt: number, unit: number, asked?: number) =>
  Duration.toMillis(Backoff.delay(attempt, unit, asked)) / 1000

describe("the wait after a failure", () => {
  const steps = [30, 120, 480, 1800, 7200, 21_600]

  it.prop(
    "grows by these steps, scattered by a fifth to both sides",
    [between(1, 40), units],
    ([attempt, unit]) => {
      const step = steps[Math.min(attempt, 6) - 1] ?? 0
      expect(seconds(attempt, unit)).toBeGreaterThanOrEqual(step * 0.8 - 0.001)
      expect(seconds(attempt, unit)).toBeLessThanOrEqual(step * 1.2 + 0.001)
      expect(seconds(attempt, 0.5)).toBe(step)
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop("reaches both edges of its band, and the steps do not overlap", [between(1, 5)], ([attempt]) => {
    expect(seconds(attempt, 0)).toBeCloseTo((steps[attempt - 1] ?? 0) * 0.8)
    expect(seconds(attempt, 0.999999)).toBeLessThan(seconds(attempt + 1, 0))
  })

  const waits = (askedSeconds: number, unit: number) =>
    Duration.toMillis(Backoff.rateLimitDelay(askedSeconds, unit)) / 1000

  it.prop(
    "waits at least as long as a throttling provider asked, and at most a fifth longer",
    [between(-5, 100_000), units],
    ([asked, unit]) => {
      const wanted = Math.min(Math.max(0, asked), 86_400)
      expect(waits(asked, unit)).toBeGreaterThanOrEqual(wanted)
      expect(waits(asked, unit)).toBeLessThanOrEqual(wanted * 1.2 + 0.001)
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "after a failure is the longer of its step and what the provider asked",
    [between(-5, 100_000), units, between(1, 30)],
    ([asked, unit, attempt]) => {
      expect(seconds(attempt, unit, asked)).toBe(Math.max(seconds(attempt, unit), waits(asked, unit)))
    },
    { arbitrary: { runs: 200 } }
  )

  it("lasts about four days in all before somebody has to look", () => {
    const total = Array.from({ length: Backoff.attemptLimit }, (_, n) => seconds(n + 1, 0.5)).reduce(
      (sum, one) => sum + one,
      0
    )
    expect(total / 86_400).toBeGreaterThan(4)
    expect(total / 86_400).toBeLessThan(5)
  })
})

describe("roles", () => {
  it("allow this and nothing else", () => {
    expect(
      Object.fromEntries(
        Access.Role.literals.map((role) => [role, Access.Action.literals.filter((action) => Access.may(role, action))])
      )
    ).toEqual({
      owner: ["own", "manage-people", "administer", "connect", "read"],
      admin: ["manage-people", "administer", "connect", "read"],
      member: ["connect", "read"],
      viewer: ["read"]
    })
  })

  it("that do not suffice are told which would", () => {
    const refused = Access.check({ role: "viewer" }, "connect")
    if (Result.isSuccess(refused)) throw new Error("allowed")
    expect(refused.failure).toMatchObject({ reason: "not-permitted", command: "connect" })
    expect(refused.failure.nextStep).toBe("Ask a member with the role owner or admin or member of your organization.")
    expect(Result.isSuccess(Access.check({ role: "member" }, "connect"))).toBe(true)
  })
})

describe("words for people", () => {
  it.prop("name every actor", [Actor.Actor], ([actor]) => {
    expect(typeof Actor.describe(actor)).toBe("string")
  })

  it("say what a login lacks", () => {
    expect(Permission.Permission.literals.map((one) => Permission.missing(one, "amazon-ads") === undefined)).toEqual([
      true,
      false
    ])
  })

  it.prop(
    "explain every failure in a sentence",
    [
      oneOf<{ readonly message: string }>(
        Arbitrary.schema(Failure.Temporary),
        Arbitrary.schema(Failure.AccessTokenRefused),
        Arbitrary.schema(Failure.PermissionMissing),
        Arbitrary.schema(Failure.GrantRefused),
        Arbitrary.schema(Failure.ApplicationRejected),
        Arbitrary.schema(Failure.CodeRefused),
        Arbitrary.schema(Failure.RequestRefused)
      )
    ],
    ([failure]) => {
      expect(failure.message).toMatch(/^.+\.$/s)
    }
  )
})

describe("reminders before a consent ends", () => {
  it.prop(
    "lie 90, 30, 14, 7, 3 and 1 days before, and never in the past",
    [instants, between(-10, 400)],
    ([now, days]) => {
      const end = DateTime.add(now, { days })
      const left = Grant.reminders(end, now).map((at) => Duration.toDays(DateTime.distance(at, end)))
      // Called for a day ahead, so that the daily mail comes in time; one whose day has begun is called for now.
      const isLate = days === 2 || [91, 31, 15, 8, 4].includes(days)
      expect(left.map((one) => Math.ceil(one) - 1)).toEqual([90, 30, 14, 7, 3, 1].filter((lead) => lead < days))
      expect(left.every((one) => Number.isInteger(one))).toBe(!isLate)
    }
  )

  it("are six for a consent of a year, also over a leap day", () => {
    expect(Grant.reminders(DateTime.add(hour(0), { days: 365 }), hour(0))).toHaveLength(6)
    expect(Schema.is(Grant.End)("replaced")).toBe(true)
  })
})

describe("the end of a consent", () => {
  it("is data of the provider: a year, for Amazon advertising only from the day on that the rule begins", () => {
    const at = (instant: string) => DateTime.makeUnsafe(instant)
    const end = (channel: string, instant: string) => {
      const found = ConsentEnd.of(Schema.decodeUnknownSync(Channel.Channel)(channel), at(instant))
      return found === undefined ? undefined : DateTime.formatIso(found)
    }
    expect(end("amazon-ads", "2026-06-29T23:59:59.999Z")).toBeUndefined()
    expect(end("amazon-ads", "2026-06-30T00:00:00.000Z")).toBe("2027-06-30T00:00:00.000Z")
    expect(end("amazon-sp", "2024-02-29T10:00:00.000Z")).toBe("2025-02-28T10:00:00.000Z")
    expect(end("walmart-marketplace", "2019-01-01T00:00:00.000Z")).toBe("2020-01-01T00:00:00.000Z")
    expect(end("walmart-connect", "2026-11-29T00:00:00.000Z")).toBeUndefined()
    expect(end("unknown", "2026-11-29T00:00:00.000Z")).toBeUndefined()
  })
})
