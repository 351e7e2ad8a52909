/** How far it is known who a consent is of: what proves, what only supports, and that no silence takes a proof back. */
import { describe, expect, it } from "@effect/vitest"
import { Identity } from "@portolan/domain"
import { hour } from "./support/values.ts"

const at = hour(1)
const proven = { _tag: "Proven", by: "provider", detail: "named", at } as const
const silent = (doubt: Identity.Doubt): Identity.Answer => ({ _tag: "Unproven", doubt, detail: "nothing" })
const alone = { id: "A1", otherOwners: [], isSameStore: false }

describe("a judgement", () => {
  it("follows the provider before anything else", () => {
    const named: Identity.Answer = { _tag: "Proven", detail: "named" }
    expect(Identity.judge(named, alone, at)).toEqual(proven)
    const about = { ...alone, otherOwners: ["A1"], before: proven, isSameStore: true }
    expect(Identity.judge({ _tag: "Contradicted", detail: "of A2" }, about, at)).toBeUndefined()
  })

  it("counts circumstances only where the provider has nothing to say, and never beyond the account", () => {
    const sameOwner = Identity.judge(silent("right-missing"), { ...alone, otherOwners: ["A1"] }, at)
    expect(sameOwner).toMatchObject({ _tag: "Proven", by: "other-channel" })
    const sameStore = Identity.judge(silent("not-offered"), { ...alone, before: proven, isSameStore: true }, at)
    expect(sameStore).toMatchObject({ _tag: "Proven", by: "continuity" })
    expect([sameOwner, sameStore].some(Identity.isExclusive)).toBe(false)
    const asked = { ...alone, otherOwners: ["A1"], before: proven, isSameStore: true }
    expect(Identity.judge(silent("unanswered"), asked, at)).toMatchObject({ _tag: "Claimed" })
  })

  it("is not taken back by a silence", () => {
    const claimed = { _tag: "Claimed", doubt: "unanswered", detail: "", at } as const
    expect(Identity.improves(undefined, claimed)).toBe(true)
    expect(Identity.improves(claimed, proven)).toBe(true)
    expect(Identity.improves(proven, claimed)).toBe(false)
    expect(Identity.improves(proven, { ...proven, at: hour(9) })).toBe(false)
    expect(Identity.improves({ ...proven, by: "continuity" }, claimed)).toBe(false)
    expect(Identity.improves({ ...proven, by: "continuity" }, proven)).toBe(true)
  })
})
