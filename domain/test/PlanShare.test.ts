/** The address that shows a consolidation plan (flow F4). */
import { describe, expect, it } from "@effect/vitest"
import { Consolidation, PlanShare, type Text } from "@portolan/domain"
import { DateTime, Result } from "effect"
import { open, tell } from "./support/consolidation.ts"
import { ada, hour } from "./support/values.ts"

const begun = tell([open])[0]!.after
const share = (round: number, at = 1): Consolidation.Command => ({ _tag: "Share", round, by: ada, at: hour(at) })
const mail = (number: number, round = 1, at = 2): Consolidation.Command => ({
  _tag: "MailPlan",
  round,
  mail: { number, to: "bo@example.com" as Text.Email, by: ada, at: hour(at) }
})
const after = (...commands: ReadonlyArray<Consolidation.Command>) => tell(commands, begun).at(-1)!.after
const reason = (state: Consolidation.State, command: Consolidation.Command) => {
  const decision = Consolidation.decide(state, command)
  return Result.isFailure(decision) ? decision.failure.reason : undefined
}
const shareOf = (state: Consolidation.State) => (state._tag === "Absent" ? undefined : state.share)

describe("sharing a plan", () => {
  it("works for thirty days, to the instant", () => {
    const found = shareOf(after(share(1)))
    expect(PlanShare.isLive(found, 1, hour(1))).toBe(true)
    expect(PlanShare.isLive(found, 1, DateTime.subtract(DateTime.add(hour(1), { days: 30 }), { seconds: 1 }))).toBe(
      true
    )
    expect(PlanShare.isLive(found, 1, DateTime.add(hour(1), { days: 30 }))).toBe(false)
  })

  it("a new round takes the place of the one before, with mails of its own", () => {
    const found = shareOf(after(share(1), mail(1), share(2)))
    expect([PlanShare.isLive(found, 1, hour(2)), PlanShare.isLive(found, 2, hour(2)), found?.mails.length]).toEqual([
      false,
      true,
      0
    ])
  })

  it("changes nothing when the same is asked again, and refuses a round that somebody else was faster with", () => {
    const shared = after(share(1), mail(1))
    for (const again of [share(1), mail(1)]) expect(Result.getOrThrow(Consolidation.decide(shared, again))).toEqual([])
    expect(reason(shared, share(3))).toBe("not-possible-now")
  })

  it("mails only an address that works, and at most so often", () => {
    expect(reason(begun, mail(1))).toBe("does-not-exist")
    expect(reason(after(share(1), { _tag: "WithdrawShare", round: 1, by: ada, at: hour(2) }), mail(1))).toBe("revoked")
    expect(reason(after(share(1)), mail(1, 1, 24 * 31))).toBe("expired")
    const full = after(share(1), ...Array.from({ length: PlanShare.mailLimit }, (_, index) => mail(index + 1)))
    expect(reason(full, mail(PlanShare.mailLimit + 1))).toBe("too-many")
  })
})
