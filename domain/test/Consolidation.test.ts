/** Many accounts under one main login (flow F4, rules S-R1 to S-R7, C13). */
import { describe, expect, it } from "@effect/vitest"
import * as domain from "@portolan/domain"
import { Consolidation, ConsolidationPlan, Diagnosis, PlanShare, Refused, Text } from "@portolan/domain"
import { Arbitrary, Result, Schema } from "effect"
import { account, after, commands, credential, grant, observe, open, stories, tell } from "./support/consolidation.ts"
import { read, write } from "./support/json.ts"
import { frozen, hour, id, key, nearby, pick, texts } from "./support/values.ts"

const { Event, State, decide, evolve } = Consolidation
const add = (n: number, name?: string): Consolidation.Command => ({
  _tag: "AddCredential",
  credential: credential(n, name)
})
const own = (n: number, by?: number): Consolidation.Command => ({ _tag: "AddProviderAccount", account: account(n, by) })
const login = (n: number) => id("credential", n)
const refusal = (state: Consolidation.State, command: Consolidation.Command): Refused.Refused | undefined => {
  const decision = decide(state, command)
  return Result.isFailure(decision) ? decision.failure : undefined
}
const tags = (state: Consolidation.State, command: Consolidation.Command) =>
  tell([command], state)[0]?.events?.map((event) => event._tag)
const sees = (state: Consolidation.State, n: number) =>
  ConsolidationPlan.visible(state, login(n)).map(
    ({ account: { name }, permission, role }) => `${name} ${role} ${permission}`
  )

const states = Arbitrary.map(Arbitrary.schema(State), nearby)
const events = Arbitrary.map(Arbitrary.schema(Event), nearby)
const sentence = /^.+[.?!]$/s

describe("the machine", () => {
  it.prop(
    "answers every command on every state, and a refusal says what, why and what next",
    [states, commands],
    ([state, command]) => {
      const refused = refusal(state, command)
      if (refused === undefined) return
      expect(refused).toMatchObject({ subject: "Consolidation", command: command._tag })
      expect(refused.detail).toMatch(sentence)
      expect(refused.nextStep).toMatch(sentence)
    },
    { arbitrary: { runs: 400 } }
  )

  it.prop(
    "makes of every event on every state a state that can be kept",
    [states, events],
    ([state, event]) => {
      frozen([state, event])
      const next = evolve(state, event)
      expect(write(State, read(State, write(State, next)))).toBe(write(State, next))
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop("keeps states as the fold of their events, also when they come from a store", [stories], ([steps]) => {
    let state = Consolidation.initial
    for (const step of steps) {
      for (const event of step.events ?? []) state = evolve(state, read(Event, write(Event, event)))
      expect(write(State, state)).toBe(write(State, step.after))
    }
  })

  it.prop(
    "changes nothing when the same is asked again, nor when it is begun again",
    [stories],
    ([steps]) => {
      for (const { after: state, command, events: happened } of steps) {
        if (happened !== undefined && happened.length > 0)
          expect(write(State, tell([command], state)[0]!.after)).toBe(write(State, state))
      }
      const [created] = steps[0]?.events ?? []
      const last = steps.at(-1)!.after
      expect(evolve(last, created!)).toBe(last)
    },
    { arbitrary: { runs: 200 } }
  )

  it("has events whose tags no other machine uses", () => {
    const tagsOf = (module: object): ReadonlyArray<string> =>
      "Event" in module ? Object.keys((module.Event as { readonly cases?: object }).cases ?? {}) : []
    const mine = [...Object.keys(Event.cases), ...Object.keys(Diagnosis.Event.cases)]
    expect(new Set(mine).size).toBe(mine.length)
    const others = Object.values(domain)
      .filter((module) => module !== Consolidation && module !== PlanShare && module !== Diagnosis)
      .flatMap(tagsOf)
    expect(others.length).toBeGreaterThan(20)
    expect(mine.filter((tag) => others.includes(tag))).toEqual([])
  })
})

describe("administrators", () => {
  it.prop(
    "are known logins of the provider, never secondary users of their own account, and nobody has two accesses",
    [stories],
    ([steps]) => {
      for (const { after: state } of steps) {
        if (state._tag === "Absent") continue
        const logins = state.credentials.map((one) => one.id)
        for (const one of state.accounts)
          if (one.administratorId !== undefined) expect(logins).toContain(one.administratorId)
        for (const access of state.accesses) {
          expect(logins).toContain(access.credentialId)
          const of = state.accounts.find((one) => one.id === access.accountId)
          expect(of).toBeDefined()
          expect(of?.administratorId).not.toBe(access.credentialId)
        }
        const pairs = state.accesses.map((access) => `${access.accountId} ${access.credentialId}`)
        expect(new Set(pairs).size).toBe(pairs.length)
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "are the only ones whose grants and withdrawals count",
    [stories],
    ([steps]) => {
      for (const { before, command, events: happened } of steps) {
        if (command._tag !== "Grant" && command._tag !== "Withdraw" && command._tag !== "HandOver") continue
        if (happened === undefined || happened.length === 0 || before._tag === "Absent") continue
        expect(before.accounts.find((one) => one.id === command.accountId)?.administratorId).toBe(command.performerId)
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "once known stay, unless they hand over themselves, somebody corrects the name or the account is removed",
    [stories],
    ([steps]) => {
      for (const { after: state, before, command } of steps) {
        if (before._tag === "Absent" || state._tag === "Absent") continue
        for (const one of before.accounts) {
          const next = state.accounts.find((other) => other.id === one.id)
          if (one.administratorId === undefined || next === undefined || next.administratorId === one.administratorId)
            continue
          if (command._tag === "CorrectAdministrator" && command.accountId === one.id) {
            expect(next.administratorId).toBe(command.credentialId)
            continue
          }
          expect(command).toMatchObject({
            _tag: "HandOver",
            performerId: one.administratorId,
            toId: next.administratorId
          })
        }
      }
    },
    { arbitrary: { runs: 300 } }
  )

  const state = after(add(0), add(1), add(2), own(0, 0), grant(0, 1, 0))

  it("are named by name to whoever acts in their place", () => {
    const refused = refusal(state, grant(0, 2, 1))
    expect(refused).toMatchObject({
      reason: "not-permitted",
      detail: "Only the administrator of Account 0 can do this.",
      nextStep: "Have Login 0 sign in and do it."
    })
    expect(refusal(after(add(0), add(1), own(0)), grant(0, 1, 0))?.reason).toBe("not-possible-now")
  })

  it("gain nothing by granting to themselves", () => {
    expect(tags(state, grant(0, 0, 0))).toEqual([])
    expect(tags(state, grant(0, 0, 1))).toEqual([])
  })

  it("hand over and stay as secondary users", () => {
    const command: Consolidation.Command = {
      _tag: "HandOver",
      accountId: key(0).externalId,
      performerId: login(0),
      toId: login(1),
      at: hour(3)
    }
    const handed = tell([command], state)[0]!.after
    expect(sees(handed, 1)).toEqual(["Account 0 administrator edit"])
    expect(sees(handed, 0)).toEqual(["Account 0 secondary-user edit"])
    expect(handed).toMatchObject({ accesses: [{ credentialId: login(0) }] })
    expect(refusal(handed, grant(0, 2, 0))?.reason).toBe("not-permitted")
    expect(tags(handed, grant(0, 2, 1))).toEqual(["SecondaryAccessGranted"])
  })

  it("are named once; after that they hand over", () => {
    const unnamed = after(add(0), add(1), own(0))
    const name = (n: number): Consolidation.Command => ({
      _tag: "NameAdministrator",
      accountId: key(0).externalId,
      credentialId: login(n)
    })
    const named = tell([name(0)], unnamed)[0]!.after
    expect(tags(named, name(0))).toEqual([])
    expect(refusal(named, name(1))?.nextStep).toBe("Have the administrator hand the administration over.")
  })

  it("are no secondary users of the account any more, once named", () => {
    const name: Consolidation.Command = {
      _tag: "NameAdministrator",
      accountId: key(0).externalId,
      credentialId: login(0)
    }
    expect(after(add(0), own(0), observe(0, [[0, "edit"]]), name).accesses).toEqual([])
  })

  it("cannot be removed, and neither can the main account or a withdrawn administration", () => {
    expect(refusal(state, { _tag: "RemoveCredential", credentialId: login(0) })?.detail).toBe(
      "Login 0 administers Account 0."
    )
    const main = tell([{ _tag: "ChooseMain", credentialId: login(2) }], state)[0]!.after
    expect(refusal(main, { _tag: "RemoveCredential", credentialId: login(2) })?.nextStep).toBe(
      "Choose another main account first."
    )
    expect(
      refusal(state, {
        _tag: "Withdraw",
        accountId: key(0).externalId,
        credentialId: login(0),
        performerId: login(0),
        at: hour(3)
      })?.reason
    ).toBe("not-possible-now")
    expect(sees(tell([{ _tag: "RemoveCredential", credentialId: login(1) }], state)[0]!.after, 1)).toEqual([])
  })
})

describe("what a login sees", () => {
  it.prop(
    "is what it administers plus what was granted; withdrawing one takes exactly that one",
    [stories],
    ([steps]) => {
      for (const { after: state, before, command, events: happened } of steps) {
        if (state._tag === "Absent" || command._tag !== "Withdraw" || happened?.length !== 1) continue
        const ids = (of: Consolidation.State) =>
          ConsolidationPlan.visible(of, command.credentialId).map((one) => one.account.id)
        expect(ids(state)).toEqual(ids(before).filter((one) => one !== command.accountId))
      }
      const last = steps.at(-1)!.after
      if (last._tag === "Absent") return
      for (const { id: credentialId } of last.credentials) {
        const union = new Set([
          ...last.accounts.filter((one) => one.administratorId === credentialId).map((one) => one.id),
          ...last.accesses.filter((one) => one.credentialId === credentialId).map((one) => one.accountId)
        ])
        expect(new Set(ConsolidationPlan.visible(last, credentialId).map((one) => one.account.id))).toEqual(union)
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it("falls back to the next login when the first is lost, the administrator before the others", () => {
    const state = after(add(0), add(1), add(2), own(0, 0), grant(0, 1, 0, "view"), grant(0, 2, 0))
    expect(
      ConsolidationPlan.coverage(state, key(0).externalId).map((one) => `${one.credential.name} ${one.permission}`)
    ).toEqual(["Login 0 edit", "Login 2 edit", "Login 1 view"])
  })
})

describe("a look at the provider", () => {
  const state = after(add(0), add(1), own(0, 0), own(1, 0), own(2, 1), grant(0, 1, 0))

  it.prop(
    "leaves the login's accesses as they were seen, and every administrator in place",
    [stories],
    ([steps]) => {
      for (const { after: state, before, command, events: happened } of steps) {
        if (command._tag !== "Observe" || command.marketplaceIds !== undefined) continue
        if (happened === undefined || happened.length === 0 || before._tag === "Absent" || state._tag === "Absent")
          continue
        expect(state.accounts).toEqual(before.accounts)
        expect(state.accesses.filter((one) => one.credentialId !== command.credentialId)).toEqual(
          before.accesses.filter((one) => one.credentialId !== command.credentialId)
        )
        const best = (accountId: string) =>
          command.visible
            .filter((one) => one.id === accountId)
            .map((one) => one.permission)
            .toSorted()[0]
        for (const one of state.accounts) {
          const access = state.accesses.find(
            (other) => other.accountId === one.id && other.credentialId === command.credentialId
          )
          if (one.administratorId === command.credentialId) expect(access).toBeUndefined()
          else if (access === undefined || access.since.epochMilliseconds < command.at.epochMilliseconds)
            expect(access?.permission).toBe(best(one.id))
        }
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it("adds what is seen and removes what is not, with the name of our account", () => {
    const linked = tell(
      [{ _tag: "LinkProviderAccount", accountId: key(0).externalId, linkedAccountId: id("account") }],
      state
    )[0]!.after
    const [step] = tell(
      [
        observe(1, [
          [1, "view"],
          [2, "edit"]
        ])
      ],
      linked
    )
    expect(step?.events).toMatchObject([
      { _tag: "SecondaryAccessGranted", access: { accountId: key(1).externalId, permission: "view", source: "seen" } },
      { _tag: "SecondaryAccessRemoved", accountId: key(0).externalId, source: "seen", linkedAccountId: id("account") },
      { _tag: "LoginObserved" }
    ])
    expect(sees(step!.after, 1)).toEqual(["Account 1 secondary-user view", "Account 2 administrator edit"])
  })

  it("counts an account that is seen in several marketplaces once, with the better permission", () => {
    for (const order of [
      ["edit", "view"],
      ["view", "edit"]
    ] as const) {
      expect(
        sees(
          tell(
            [
              observe(
                1,
                order.map((permission) => [1, permission])
              )
            ],
            state
          )[0]!.after,
          1
        )
      ).toContain("Account 1 secondary-user edit")
    }
  })

  it("reports an account that nobody added, cleans its name, and counts it once it is added", () => {
    const strange: Consolidation.Command = {
      _tag: "Observe",
      credentialId: login(1),
      at: hour(2),
      visible: [{ id: key(9).externalId, name: " New\u202e\u0000 one ", permission: "edit" }]
    }
    const looked = tell([strange], state)[0]!.after
    expect(looked).toMatchObject({
      accounts: state.accounts,
      looks: [{ unknown: [{ id: key(9).externalId, name: "New one", permission: "edit" }] }]
    })
    const added = tell([own(9, 0)], looked)[0]!
    expect(added.after).toMatchObject({ looks: [{ unknown: [] }] })
    expect(sees(added.after, 1)).toContain("Account 9 secondary-user edit")
  })

  it("doubts an administrator who does not see their account, and does not remove them", () => {
    const looked = tell([observe(0, [[0, "view"]])], state)[0]!.after
    expect(looked).toMatchObject({
      accounts: state.accounts,
      looks: [{ doubted: [key(0).externalId, key(1).externalId] }]
    })
    expect(
      tell(
        [
          observe(
            0,
            [
              [0, "edit"],
              [1, "edit"]
            ],
            3
          )
        ],
        looked
      )[0]!.after
    ).toMatchObject({ looks: [{ doubted: [] }] })
  })

  it("says nothing of marketplaces that were not looked at, nor of what is younger than itself", () => {
    const elsewhere: Consolidation.Command = {
      ...observe(1, []),
      _tag: "Observe",
      credentialId: login(1),
      at: hour(2),
      visible: [],
      marketplaceIds: []
    }
    expect(tags(state, elsewhere)).toEqual(["LoginObserved"])
    expect(tags(state, observe(1, [[2, "edit"]], 0.5))).toEqual(["LoginObserved"])
    const looked = tell([observe(1, [[2, "edit"]], 3)], state)[0]!.after
    expect(tags(looked, observe(1, [[0, "edit"]], 2))).toEqual([])
  })
})

describe("input", () => {
  const state = after(add(0), own(0, 0))

  it("is refused when two logins would read alike, or one comes twice", () => {
    expect(refusal(state, add(1, "ＬＯＧＩＮ 0"))?.reason).toBe("already-exists")
    expect(refusal(state, add(0, "Another"))?.reason).toBe("already-exists")
    const user = (n: number): Consolidation.Command => ({
      _tag: "AddCredential",
      credential: { ...credential(n), providerUserId: key(7).externalId }
    })
    expect(refusal(after(user(1)), user(2))?.detail).toBe("This login is there already, under another name.")
  })

  it("is refused when account, login, type and marketplaces are not of one provider", () => {
    const walmart = tell([{ _tag: "AddCredential", credential: credential(1, "W", "walmart") }], state)[0]!.after
    expect(refusal(walmart, grant(0, 1, 0))?.reason).toBe("contradiction")
    expect(refusal(walmart, own(1, 1))?.reason).toBe("contradiction")
    expect(
      refusal(state, { _tag: "AddProviderAccount", account: account(1, 0, { accountType: "walmart-3p" }) })?.reason
    ).toBe("contradiction")
    expect(
      refusal(state, {
        _tag: "AddProviderAccount",
        account: account(1, 0, { marketplaceIds: ["WALMART_US" as never] })
      })?.reason
    ).toBe("contradiction")
    expect(refusal(state, own(1, 3))?.reason).toBe("does-not-exist")
  })

  it("is limited", () => {
    const full = after(...Array.from({ length: Consolidation.limits.credentials }, (_, n) => add(n)))
    expect(refusal(full, add(101, "One more"))?.reason).toBe("too-many")
    const many = Array.from({ length: Consolidation.limits.unknown + 1 }, (_, n) => ({
      id: key(100 + n).externalId,
      permission: "view" as const
    }))
    const look = (visible: typeof many): Consolidation.Command => ({
      _tag: "Observe",
      credentialId: login(0),
      at: hour(1),
      visible
    })
    expect(refusal(state, look(many))?.reason).toBe("too-many")
    expect(refusal(state, look(many.slice(1)))).toBeUndefined()
  })

  it.prop(
    "with a name that could deceive does not decode",
    [texts, pick("\u202e", "\u0000", "\n", "\u2028", "\ud800")],
    ([text, bad]) => {
      const decode = Schema.decodeUnknownResult(Schema.toCodecJson(Event))
      const event = {
        _tag: "CredentialAdded",
        credential: { id: login(0), provider: "amazon", name: `a${text.slice(0, 20)}${bad}b` }
      }
      expect(Result.isFailure(decode(event))).toBe(true)
      expect(Result.isFailure(Schema.decodeUnknownResult(Text.Name)(event.credential.name))).toBe(true)
    }
  )

  it("to a consolidation that nobody opened is refused", () => {
    expect(refusal(Consolidation.initial, add(0))?.reason).toBe("does-not-exist")
    expect(refusal(state, open)?.reason).toBe("already-exists")
  })
})
