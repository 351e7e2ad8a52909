/** What a process remembers of its calls: how much, and how often it looks at all of it. */
import { expect, it } from "@effect/vitest"
import type { Id } from "@portolan/domain"
import { CallRecord, recordLimit } from "../src/driving/incidents/CallRecord.ts"

const watched = { channel: "amazon-ads", region: "NA", call: "token", target: "" } as const
const subject = (n: number) => ({
  organizationId: `org_${n % 7}` as Id.OrganizationId,
  grantId: `gra_${n}` as Id.GrantId
})

const recordOf = (calls: number, at: number) => {
  const record = new CallRecord()
  for (let n = 0; n < calls; n++) record.note(watched, subject(n), "outage", at)
  return record
}

it("looks at little whenever it is asked, and at much once a second for each purpose", () => {
  const little = recordOf(100, 0)
  expect([0, 1, 2].map((at) => little.isTimeToLook("report", at))).toEqual([true, true, true])
  const much = recordOf(3_000, 0)
  const looks = Array.from({ length: 5_000 }, (_, at) => much.isTimeToLook("report", at + 10_000))
  expect(looks.filter((one) => one)).toHaveLength(5)
  expect(much.isTimeToLook("heal", 10_000)).toBe(true)
})

it("remembers the latest calls, and of each grant one", () => {
  const record = recordOf(recordLimit + 500, 0)
  record.note(watched, subject(recordLimit + 499), undefined, 1)
  const figures = record.figures({ ...watched, kind: "outage" }, 15, 1)
  expect([figures.grants, figures.worked, figures.organizations]).toEqual([recordLimit - 1, 1, 7])
})
