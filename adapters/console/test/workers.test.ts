import { Standstill } from "@portolan/domain"
import { DateTime } from "effect"
import { describe, expect, test } from "vitest"
import { standstillNotice, workersCard } from "../src/pages/operator/workers.ts"

const at = DateTime.makeUnsafe("2026-06-01T12:00:00Z")
const ago = (minutes: number) => DateTime.subtract(at, { minutes })
const idle: Standstill.Status = { at, living: 1, underWay: 0, lastSeenAt: at }

const cases: ReadonlyArray<readonly [what: string, status: Standstill.Status, standsStill: boolean]> = [
  ["an idle worker lives", idle, false],
  ["no worker was ever seen, and nothing is due", { at, living: 0, underWay: 0 }, false],
  ["the last worker died two minutes ago", { at, living: 0, underWay: 0, lastSeenAt: ago(2) }, true],
  ["the last worker died a moment ago", { at, living: 0, underWay: 0, lastSeenAt: ago(0.5) }, false],
  ["a worker lives and does nothing about a job of an hour ago", { ...idle, oldestDueAt: ago(60) }, true],
  ["a long queue is worked on", { ...idle, underWay: 4, oldestDueAt: ago(60) }, false],
  ["work has waited for an hour for a first worker", { at, living: 0, underWay: 0, oldestDueAt: ago(60) }, true]
]

describe("a page says that background work stands still", () => {
  test.each(cases)("or not, when %s", (_, status, standsStill) => {
    expect(String(standstillNotice(status, at)).includes("stood still")).toBe(standsStill)
    expect(String(workersCard(status, at)).includes("Nobody has carried out")).toBe(standsStill)
  })
})
