/**
 * What is told before somebody leaves for the provider (flow F2, rules P-R2, P-R3, P-R10, P-R11, P-R12, W-R1, W-R2).
 */
import { describe, expect, it } from "@effect/vitest"
import { AccountType, Channel, Check, Requirements } from "@portolan/domain"
import { Arbitrary } from "effect"
import { nearby } from "./support/values.ts"

const channels = Arbitrary.schema(Channel.Known)
const types = Arbitrary.schema(AccountType.Known)
const facts = Arbitrary.schema(Check.Facts)
const answers = Arbitrary.map(Arbitrary.schema(Check.Answers), nearby)
const ids = (channel: Channel.Channel, type: AccountType.AccountType) =>
  Requirements.of(channel, type).map((one) => `${one.id} ${one.weight}`)

describe("requirements", () => {
  it("are those of the channel and the account type", () => {
    expect(ids("amazon-ads", "seller")).toEqual(["campaign-exists blocks", "campaign-editable blocks"])
    expect(ids("amazon-ads", "vendor")).toEqual(["campaign-exists blocks", "campaign-editable blocks"])
    expect(ids("amazon-sp", "seller")).toEqual([
      "advertising-permission-in-seller-central blocks",
      "participates blocks"
    ])
    expect(ids("amazon-sp", "vendor")).toEqual([])
    expect(ids("walmart-connect", "walmart-3p")).toEqual(["partner-added blocks", "write-access limits"])
    expect(ids("walmart-connect", "walmart-1p")).toEqual(["partner-added blocks", "write-access limits"])
    expect(ids("walmart-connect", "seller")).toEqual([])
  })

  it("differ in words for sellers and vendors", () => {
    expect(Requirements.of("amazon-ads", "seller")[0]).toMatchObject({
      title: "The account has at least one active advertising campaign in this marketplace",
      remedy: expect.stringContaining("24 hours")
    })
    expect(Requirements.of("amazon-ads", "vendor")[0]?.title).toBe(
      "The vendor has advertised in this marketplace before"
    )
    expect(Requirements.of("amazon-ads", "seller")[1]?.remedy).toContain("primary account owner")
  })

  it("of an account follow its channels, and say which are optional", () => {
    expect(
      Requirements.ofAccount("vendor").map(({ channel, optional, requirements }) => [
        channel,
        optional,
        requirements.length
      ])
    ).toEqual([
      ["amazon-ads", false, 2],
      ["amazon-sp", true, 0]
    ])
    expect(Requirements.ofAccount("walmart-3p").map(({ channel }) => channel)).toEqual([
      "walmart-connect",
      "walmart-marketplace"
    ])
  })

  it.prop(
    "after consent are the same list in the same words, each with its state",
    [channels, types, facts, answers],
    ([channel, type, known, given]) => {
      const told = Requirements.of(channel, type)
      const met = Requirements.evaluate(told, known, given)
      expect(met.map(({ id, title, weight }) => ({ id, title, weight }))).toEqual(
        told.map(({ id, title, weight }) => ({ id, title, weight }))
      )
      met.forEach((one, index) => {
        const byFact = Check.judge(one.id, known)
        if (byFact === false)
          expect(one).toMatchObject({ state: "failed", nextStep: told[index]?.remedy, mustAct: told[index]?.mustAct })
        if (byFact === true) expect(one).toMatchObject({ state: "passed", explanation: `${told[index]?.title}.` })
        if (byFact === undefined && given[one.id] === undefined) expect(["unanswered", "unknown"]).toContain(one.state)
      })
    },
    { arbitrary: { runs: 300 } }
  )

  it("of a Walmart advertiser that is not listed yet are looked at again every quarter of an hour", () => {
    const told = Requirements.of("walmart-connect", "walmart-3p")
    const [added, write] = Requirements.evaluate(told, { profileVisible: false })
    expect(added).toMatchObject({ state: "failed", mustAct: "account-owner", lookAgainAfter: Check.firstLook })
    expect(write?.state).toBe("unanswered")
    expect(Requirements.evaluate(told, { profileVisible: true, permission: "view" })[1]).toMatchObject({
      state: "failed",
      weight: "limits",
      explanation: "We have read access only: reports work, changes do not."
    })
  })
})
