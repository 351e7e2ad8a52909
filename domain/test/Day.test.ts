/** Civil days against the calendar of the platform. */
import { describe, expect, it } from "@effect/vitest"
import { Day } from "@portolan/domain"
import { DateTime, Result, Schema } from "effect"
import { between, days } from "./support/values.ts"

const at = (text: string, zone: string) => Day.at(DateTime.makeUnsafe(text), zone)

describe("a day", () => {
  it.prop(
    "is counted as the calendar counts it, over leap days and year ends",
    [days, between(-2000, 2000)],
    ([day, distance]) => {
      const expected = new Date(`${day}T00:00:00Z`)
      expected.setUTCDate(expected.getUTCDate() + distance)
      const moved = Day.plus(day, distance)
      expect(moved).toBe(expected.toISOString().slice(0, 10))
      expect(Day.between(day, moved)).toBe(distance)
      expect(Day.fromNumber(Day.toNumber(day))).toBe(day)
      expect(Schema.decodeUnknownSync(Day.Day)(moved)).toBe(moved)
    },
    { arbitrary: { runs: 300 } }
  )

  it("exists in the calendar or is refused", () => {
    const exists = (text: string) => Result.isSuccess(Schema.decodeUnknownResult(Day.Day)(text))
    expect(["2028-02-29", "2000-02-29", "2027-12-31"].map(exists)).toEqual([true, true, true])
    expect(
      [
        "2027-02-29",
        "1900-02-29",
        "2027-13-01",
        "2027-00-10",
        "2027-04-31",
        "2027-4-3",
        "2027-04-03T00:00",
        "",
        "27-04-03"
      ].filter(exists)
    ).toEqual([])
  })
})

describe("the day of an instant", () => {
  it("depends on where one stands", () => {
    expect(at("2027-01-01T07:59:59Z", "America/Los_Angeles")).toBe("2026-12-31")
    expect(at("2027-01-01T08:00:00Z", "America/Los_Angeles")).toBe("2027-01-01")
    expect(at("2026-12-31T15:00:00Z", "Asia/Tokyo")).toBe("2027-01-01")
    expect(at("2026-12-31T18:29:59Z", "Asia/Kolkata")).toBe("2026-12-31")
    expect(at("2026-12-31T18:30:00Z", "Asia/Kolkata")).toBe("2027-01-01")
    expect(at("2026-12-31T23:59:59.999Z", "UTC")).toBe("2026-12-31")
  })

  it("changes at civil midnight on the days on which clocks change", () => {
    expect(at("2027-03-28T22:59:59Z", "Europe/London")).toBe("2027-03-28")
    expect(at("2027-03-28T23:00:00Z", "Europe/London")).toBe("2027-03-29")
    expect(at("2027-10-31T22:59:59Z", "Europe/Paris")).toBe("2027-10-31")
    expect(at("2027-10-31T23:00:00Z", "Europe/Paris")).toBe("2027-11-01")
    expect(at("2027-11-08T07:59:59Z", "America/Los_Angeles")).toBe("2027-11-07")
    expect(at("2027-11-07T06:59:59Z", "America/Los_Angeles")).toBe("2027-11-06")
    expect(at("2027-04-04T13:59:59Z", "Australia/Sydney")).toBe("2027-04-04")
  })

  it.prop("is the one that the platform's own calendar names", [days, between(0, 86_399)], ([day, seconds]) => {
    const instant = DateTime.makeUnsafe(Date.parse(`${day}T00:00:00Z`) + seconds * 1000)
    for (const zone of ["America/Los_Angeles", "Europe/Istanbul", "Asia/Tokyo", "Australia/Sydney", "Africa/Cairo"]) {
      const platform = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(
        DateTime.toDate(instant)
      )
      expect(Day.at(instant, zone)).toBe(platform)
    }
  })
})
