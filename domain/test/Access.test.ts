/** Roles, keys and reach: who may do what, with which accounts (rules K-R1, K-R17, S-R8, S-R9, C12). */
import { describe, expect, it } from "@effect/vitest"
import { Access } from "@portolan/domain"
import { Arbitrary, Result, Schema } from "effect"
import { reaches } from "./support/commands.ts"
import { id, ids, oneOf, pick } from "./support/values.ts"

const { all, array, Constant, map, schema } = Arbitrary
const actions = pick(...Access.Action.literals)
const roles = pick(...Access.Role.literals)
const scopes: Arbitrary.Arbitrary<ReadonlyArray<Access.Action> | undefined> = oneOf<
  ReadonlyArray<Access.Action> | undefined
>(Constant(undefined), array(actions, { maxLength: 3 }))
const accounts: Arbitrary.Arbitrary<Access.Reached> = all({
  id: ids("account"),
  companyId: ids("company"),
  brandIds: array(ids("brand"), { maxLength: 2 })
})
const callers = map(
  all([roles, scopes, reaches]),
  ([role, scopes, accessScope]): Pick<Access.Caller, "role" | "scopes" | "accessScope"> => ({
    role,
    accessScope,
    ...(scopes === undefined ? {} : { scopes })
  })
)
const chosen = pick<"companies" | "brands" | "accounts">("companies", "brands", "accounts")
const allowed = (result: Result.Result<void, unknown>) => Result.isSuccess(result)
const strength = (right: Access.Right | undefined) => (right === undefined ? 0 : right === "read" ? 1 : 2)

/** The reach with one more thing chosen. */
const plus = (
  accessScope: Access.Limited,
  what: "companies" | "brands" | "accounts",
  n: number,
  right: Access.Right
): Access.Limited => {
  switch (what) {
    case "companies":
      return { ...accessScope, companies: [...accessScope.companies, { id: id("company", n), right }] }
    case "brands":
      return { ...accessScope, brands: [...accessScope.brands, { id: id("brand", n), right }] }
    case "accounts":
      return { ...accessScope, accounts: [...accessScope.accounts, { id: id("account", n), right }] }
  }
}

describe("accessScope", () => {
  it.prop(
    "only grows with every choice, whatever is chosen",
    [reaches, accounts, chosen, pick(0, 1, 2), schema(Access.Right)],
    ([accessScope, account, what, n, right]) => {
      if (accessScope._tag === "Everything") return
      expect(strength(Access.rightOn(plus(accessScope, what, n, right), account))).toBeGreaterThanOrEqual(
        strength(Access.rightOn(accessScope, account))
      )
    },
    { arbitrary: { runs: 400 } }
  )

  it.prop("does not depend on the order of the choices", [reaches, accounts], ([accessScope, account]) => {
    if (accessScope._tag === "Everything") return
    expect(
      Access.rightOn(
        {
          ...accessScope,
          companies: accessScope.companies.toReversed(),
          brands: accessScope.brands.toReversed(),
          accounts: accessScope.accounts.toReversed()
        },
        account
      )
    ).toBe(Access.rightOn(accessScope, account))
  })

  it.prop(
    "hides what was not chosen by account, brand or company",
    [reaches, accounts],
    ([accessScope, account]) => {
      const named = (list: ReadonlyArray<{ readonly id: string }>, ...own: ReadonlyArray<string>) =>
        list.some(({ id }) => own.includes(id))
      const expected =
        accessScope._tag === "Everything" ||
        named(accessScope.companies, account.companyId) ||
        named(accessScope.brands, ...account.brandIds) ||
        named(accessScope.accounts, account.id)
      expect(Access.canSee(accessScope, account)).toBe(expected)
      expect(Access.rightOn(accessScope, account) !== undefined).toBe(expected)
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop("gives the right to write only where a choice gives it", [reaches, accounts], ([accessScope, account]) => {
    if (accessScope._tag === "Everything") {
      expect(Access.rightOn(accessScope, account)).toBe("write")
      return
    }
    const readOnly = <A extends { readonly right: Access.Right }>(list: ReadonlyArray<A>) =>
      list.map((one) => ({ ...one, right: "read" as const }))
    expect(
      Access.rightOn(
        {
          ...accessScope,
          companies: readOnly(accessScope.companies),
          brands: readOnly(accessScope.brands),
          accounts: readOnly(accessScope.accounts)
        },
        account
      )
    ).not.toBe("write")
  })

  it("of nothing chosen shows nothing", () => {
    const nothing: Access.AccessScope = { _tag: "Limited", companies: [], brands: [], accounts: [] }
    expect(Access.canSee(nothing, { id: id("account"), companyId: id("company"), brandIds: [id("brand")] })).toBe(false)
  })
})

describe("a caller", () => {
  it.prop(
    "never may more with one account than at all, and reading needs any right while writing needs that right",
    [callers, actions, accounts],
    ([caller, action, account]) => {
      const right = Access.rightOn(caller.accessScope, account)
      const onIt = allowed(Access.checkOn(caller, action, account))
      if (onIt) expect(allowed(Access.check(caller, action))).toBe(true)
      expect(onIt).toBe(Access.can(caller, action) && (right === "write" || (action === "read" && right === "read")))
    },
    { arbitrary: { runs: 400 } }
  )

  it.prop(
    "with scopes never may more than without, and nothing outside them",
    [roles, scopes, actions],
    ([role, scopes, action]) => {
      const narrowed = Access.can({ role, ...(scopes === undefined ? {} : { scopes }) }, action)
      if (narrowed) expect(Access.may(role, action)).toBe(true)
      expect(narrowed).toBe(Access.may(role, action) && (scopes === undefined || scopes.includes(action)))
    }
  )

  it.prop(
    "who is refused is told why and what to do, and a key is told of its scopes",
    [callers, actions, accounts],
    ([caller, action, account]) => {
      const checked = Access.checkOn(caller, action, account)
      if (Result.isSuccess(checked)) return
      expect(checked.failure).toMatchObject({ subject: "Access", command: action, reason: "not-permitted" })
      expect(checked.failure.message).toMatch(/^.+\. .+\.$/)
      if (Access.may(caller.role, action) && !Access.can(caller, action))
        expect(checked.failure.message).toContain("key")
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop("of two roles the weaker one may only what both may", [roles, roles, actions], ([one, other, action]) => {
    expect(Access.may(Access.weaker(one, other), action)).toBe(Access.may(one, action) && Access.may(other, action))
    expect(Access.weaker(one, other)).toBe(Access.weaker(other, one))
  })
})

it.prop("a reach is kept without loss, and two hundred of a kind are the most", [reaches], ([accessScope]) => {
  const codec = Schema.toCodecJson(Access.AccessScope)
  expect(
    Schema.decodeUnknownSync(codec)(JSON.parse(JSON.stringify(Schema.encodeUnknownSync(codec)(accessScope))))
  ).toEqual(accessScope)
  const many = Array.from({ length: 201 }, () => ({ id: id("account"), right: "read" }))
  expect(
    Result.isFailure(
      Schema.decodeUnknownResult(Access.AccessScope)({ _tag: "Limited", companies: [], brands: [], accounts: many })
    )
  ).toBe(true)
})
