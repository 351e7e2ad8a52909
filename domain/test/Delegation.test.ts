/**
 * Who can give somebody else the right to connect, said before anybody leaves for the provider (rules P-R10, P-R11).
 */
import { describe, expect, it } from "@effect/vitest"
import { Requirements } from "@portolan/domain"

describe("the requirements", () => {
  it("of the Selling Partner API name the owner who can give it, and to whom (P-R11)", () => {
    const [permission] = Requirements.of("amazon-sp", "seller")
    expect(permission).toMatchObject({ weight: "blocks", mustAct: "account-owner" })
    expect(permission?.why).toContain("same user connects both")
    expect(permission?.why).toMatch(/agency's user is refused until the primary account owner has given the permission/)
    expect(permission?.remedy).toMatch(/Ask the primary account owner to give this user the advertising permission/)
  })

  it("of advertising tell an agency's user to have the right before connecting (P-R3, P-R11)", () => {
    const editable = Requirements.of("amazon-ads", "seller").find(({ id }) => id === "campaign-editable")
    expect(editable?.remedy).toContain("Ask the primary account owner to give this login view and edit")
    expect(editable?.remedy).toContain("An agency's user needs it before connecting")
  })
})
