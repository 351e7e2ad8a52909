/** Who has to sign in and what to grant (flow F4, rules S-R1, S-R2). */
import { describe, expect, it } from "@effect/vitest"
import { Consolidation, ConsolidationPlan, type ProviderAccount, type Text } from "@portolan/domain"
import { Result } from "effect"
import { account, after, credential, grant, observe, situations, tell } from "./support/consolidation.ts"
import { between, hour, id } from "./support/values.ts"

const { plan } = ConsolidationPlan
const done = (state: Consolidation.State) => {
  const carried = ConsolidationPlan.afterPlan(state, plan(state), hour(500))
  if (Result.isFailure(carried)) throw carried.failure
  return carried.success
}
const edits = (state: Consolidation.Open) =>
  new Set(
    ConsolidationPlan.visible(state, state.mainCredentialId!)
      .filter((one) => one.permission === "edit")
      .map((one) => one.account.id)
  )
const grantsOf = (of: ConsolidationPlan.Plan) =>
  of.steps.flatMap(({ grants, login }) => grants.map((one) => ({ login, ...one })))

/** A permutation of a list, drawn from a number. */
const shuffled = <A>(list: ReadonlyArray<A>, seed: number): ReadonlyArray<A> =>
  list
    .map((item, index) => ({ item, rank: Math.imul(Math.imul(index + 1, 0x9e3779b1) ^ (seed + 1), 0x85ebca6b) >>> 0 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item)

describe("a plan", () => {
  it.prop(
    "once carried out makes every account whose administrator is known editable for the main login",
    [situations],
    ([state]) => {
      const reached = done(state)
      if (reached._tag !== "Open") throw new Error("impossible")
      const unsolved = new Set(plan(state).unsolved.map((one) => one.account.id))
      const wanted = state.accounts.map((one) => one.id).filter((one) => !unsolved.has(one))
      expect([...edits(reached)].toSorted()).toEqual(wanted.toSorted())
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "leaves out none: an account is editable, planned or unsolved, and unsolved only without a known administrator",
    [situations],
    ([state]) => {
      const { steps, unsolved, visible } = plan(state)
      for (const one of state.accounts) {
        const places = [
          visible.some((other) => other.account.id === one.id && other.permission === "edit"),
          steps.some((step) => step.grants.some((other) => other.account.id === one.id)),
          unsolved.some((other) => other.account.id === one.id)
        ]
        expect(places.filter(Boolean).length).toBe(1)
        if (places[2]) expect(one.administratorId).toBeUndefined()
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "asks for nothing needless: without any one grant an account stays out of reach",
    [situations],
    ([state]) => {
      const commands = ConsolidationPlan.commands(plan(state), hour(500))
      const before = edits(state)
      for (const left of commands) {
        expect(before.has(left.accountId)).toBe(false)
        const reached =
          tell(
            commands.filter((one) => one !== left),
            state
          ).at(-1)?.after ?? state
        if (reached._tag === "Open") expect(edits(reached).has(left.accountId)).toBe(false)
      }
      expect(new Set(commands.map((one) => one.accountId)).size).toBe(commands.length)
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "has every grant made by the account's own administrator, who appears once",
    [situations],
    ([state]) => {
      const made = plan(state)
      for (const {
        account: { administratorId, id: accountId },
        login,
        permission,
        upgrade
      } of grantsOf(made)) {
        expect(administratorId).toBe(login.id)
        expect(permission).toBe("edit")
        expect(upgrade).toBe(made.visible.some((one) => one.account.id === accountId && one.permission === "view"))
      }
      const logins = made.steps.map((step) => step.login.id)
      expect(new Set(logins).size).toBe(logins.length)
      expect(logins).not.toContain(state.mainCredentialId)
      const names = made.steps.map((step) => step.login.name)
      expect(names).toEqual(names.toSorted())
      for (const step of made.steps) expect(step.lines.length).toBe(step.grants.length + 1)
      expect(made.steps.every((step) => step.grants.length > 0)).toBe(true)
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "can be carried out in any order, each grant accepted when it is made",
    [situations, between(0, 10_000)],
    ([state, seed]) => {
      const commands = ConsolidationPlan.commands(plan(state), hour(500))
      const steps = tell(shuffled(commands, seed), state)
      expect(steps.map((step) => step.events?.length)).toEqual(commands.map(() => 1))
      const [one, other] = [steps.at(-1)?.after ?? state, done(state)]
      if (one._tag === "Open" && other._tag === "Open") expect(edits(one)).toEqual(edits(other))
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "is empty when it was carried out, with the same accounts unsolved",
    [situations],
    ([state]) => {
      const again = plan(done(state))
      expect(again.steps).toEqual([])
      expect(again.unsolved.map((one) => one.account.id)).toEqual(plan(state).unsolved.map((one) => one.account.id))
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "is the same however logins, accounts and accesses are ordered",
    [situations, between(0, 10_000)],
    ([state, seed]) => {
      const other = {
        ...state,
        credentials: shuffled(state.credentials, seed),
        accounts: shuffled(state.accounts, seed),
        accesses: shuffled(state.accesses, seed),
        looks: shuffled(state.looks, seed)
      }
      expect(plan(other)).toEqual(plan(state))
    },
    { arbitrary: { runs: 200 } }
  )

  it("without a main account has no steps and says so of every account", () => {
    const state = after(
      { _tag: "AddCredential", credential: credential(0) },
      { _tag: "AddProviderAccount", account: account(0, 0) }
    )
    expect(plan(state)).toMatchObject({ steps: [], unsolved: [{ reason: "no-main-account" }] })
    expect(plan(Consolidation.initial)).toEqual({ steps: [], visible: [], unsolved: [], doubts: [] })
  })
})

/** Administrators A (vendor), B (seller), M (seller), main account M: the worked example of the seed article. */
describe("the worked example", () => {
  const named = (n: number, name: string, email: string): ProviderAccount.Credential => ({
    ...credential(n, name),
    email: email as Text.Email
  })
  const logins = [named(0, "A", "a@example.com"), named(1, "B", "b@example.com"), named(2, "M", "m@example.com")]
  const accounts = [
    account(0, 0, { name: "Lanterns DE", accountType: "vendor" }),
    account(1, 1, { name: "Lanterns UK", accountType: "seller" }),
    account(2, 2, { name: "Lanterns US", accountType: "seller" })
  ]
  const state = after(
    ...logins.map((one): Consolidation.Command => ({ _tag: "AddCredential", credential: one })),
    ...accounts.map((one): Consolidation.Command => ({ _tag: "AddProviderAccount", account: one })),
    { _tag: "ChooseMain", credentialId: id("credential", 2) }
  )

  it("is two steps: A signs in and grants M, B signs in and grants M", () => {
    const made = plan(state)
    expect(made.steps).toEqual([
      {
        login: logins[0],
        grants: [{ account: accounts[0], permission: "edit", upgrade: false }],
        lines: [
          "Sign in to Amazon as A (a@example.com).",
          "Give M (m@example.com) access to the account Lanterns DE (Vendor), with permission to edit."
        ]
      },
      {
        login: logins[1],
        grants: [{ account: accounts[1], permission: "edit", upgrade: false }],
        lines: [
          "Sign in to Amazon as B (b@example.com).",
          "Give M (m@example.com) access to the account Lanterns UK (Seller), with permission to edit."
        ]
      }
    ])
    expect(made).toMatchObject({ main: logins[2], unsolved: [], doubts: [] })
    expect(made.visible).toEqual([{ account: accounts[2], role: "administrator", permission: "edit" }])
  })

  it("ends with M as administrator of its own account, secondary user of the other two, and all three in sight", () => {
    const end = done(state)
    expect(
      ConsolidationPlan.visible(end, id("credential", 2)).map(({ account: { name }, role }) => [name, role])
    ).toEqual([
      ["Lanterns DE", "secondary-user"],
      ["Lanterns UK", "secondary-user"],
      ["Lanterns US", "administrator"]
    ])
    const seen = tell(
      [
        observe(
          2,
          [
            [0, "edit"],
            [1, "edit"],
            [2, "edit"]
          ],
          600
        )
      ],
      end
    )[0]!.after
    expect(seen).toMatchObject({
      accesses: [{ source: "seen" }, { source: "seen" }],
      looks: [{ unknown: [], doubted: [] }]
    })
    expect(plan(seen).steps).toEqual([])
  })

  it("asks for more rights, not for access, where M can view already", () => {
    const viewing = tell([grant(0, 2, 0, "view")], state)[0]!.after
    expect(plan(viewing).steps[0]).toMatchObject({
      grants: [{ upgrade: true }],
      lines: [
        "Sign in to Amazon as A (a@example.com).",
        "Change the permission of M (m@example.com) on the account Lanterns DE (Vendor) from view to edit."
      ]
    })
  })

  it("says what it cannot plan, and doubts an administrator who does not see the account", () => {
    const more = tell(
      [
        { _tag: "AddProviderAccount", account: account(3, undefined, { name: "Orphan" }) },
        {
          _tag: "AddProviderAccount",
          account: account(4, undefined, {
            name: "Shelf",
            provider: "walmart",
            accountType: "walmart-3p",
            marketplaceIds: []
          })
        },
        observe(0, [])
      ],
      state
    ).at(-1)!.after
    expect(plan(more).unsolved.map((one) => [one.account.name, one.reason])).toEqual([
      ["Orphan", "no-administrator-known"],
      ["Shelf", "other-provider"]
    ])
    expect(plan(more).doubts).toMatchObject([{ administrator: { name: "A" }, account: { name: "Lanterns DE" } }])
    expect(plan(more).steps.map((step) => step.login.name)).toEqual(["A", "B"])
  })
})
