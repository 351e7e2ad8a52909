/** Looks at one region after another, which together say what a login sees (flow F4, rules S-R3, S-R6). */
import { describe, expect, it } from "@effect/vitest"
import { Consolidation, ConsolidationPlan, Marketplace, type Provider, Region } from "@portolan/domain"
import { Arbitrary, Option } from "effect"
import { account, after, credential, grant, tell } from "./support/consolidation.ts"
import { between, hour, id, key, pick } from "./support/values.ts"

const { all, array, map } = Arbitrary
const amazon: Provider.Provider = "amazon"
const idsOf = (region: "NA" | "EU" | "FE") => Marketplace.inRegion(Region.Region.make(region)).map((one) => one.id)
const country = (code: string) => Option.getOrThrow(Marketplace.findByCountry(amazon, code)).id
const regions = ["NA", "EU", "FE"] as const
type Shown = "edit" | "view" | "nothing"

interface Sight {
  readonly region: (typeof regions)[number]
  readonly shown: Shown
}

const look = (n: number, { region, shown }: Sight, at: number): Consolidation.Command => ({
  _tag: "Observe",
  credentialId: id("credential", n),
  at: hour(at),
  marketplaceIds: idsOf(region),
  visible: shown === "nothing" ? [] : [{ id: key(0).externalId, permission: shown }]
})

const begun = (marketplaceIds: ReadonlyArray<Marketplace.MarketplaceId>) =>
  after(
    ...[0, 1].map((n): Consolidation.Command => ({ _tag: "AddCredential", credential: credential(n) })),
    { _tag: "AddProviderAccount", account: account(0, 0, { marketplaceIds }) },
    grant(0, 1, 0)
  )

const sights: Arbitrary.Arbitrary<Sight> = all({
  region: pick(...regions),
  shown: pick<Shown>("edit", "view", "nothing")
})
const marketplaces = map(
  pick<ReadonlyArray<string>>([], ["US"], ["US", "DE"], ["US", "CA"], ["DE", "JP"], ["US", "DE", "JP"]),
  (codes) => codes.map(country)
)
const seenBy = (state: Consolidation.State, n: number) =>
  ConsolidationPlan.visible(state, id("credential", n))[0]?.permission

/** What the newest look at each region shows together: brute force over the list, from its end. */
const together = (list: ReadonlyArray<Sight>) =>
  regions.flatMap((region) => list.findLast((one) => one.region === region) ?? [])

const best = (list: ReadonlyArray<Sight>) => {
  const shown = new Set(together(list).map((one) => one.shown))
  if (shown.has("edit")) return "edit"
  return shown.has("view") ? "view" : undefined
}

const isCovered = (ids: ReadonlyArray<Marketplace.MarketplaceId>, list: ReadonlyArray<Sight>) =>
  regions
    .filter((region) => ids.length === 0 || idsOf(region).some((one) => ids.includes(one)))
    .every((region) => list.some((one) => one.region === region))

describe("looks at one region each", () => {
  it.prop(
    "together forget an account that none of them shows any more, and keep one that any of them shows",
    [marketplaces, array(sights, { maxLength: 10 })],
    ([ids, list]) => {
      let state: Consolidation.State = begun(ids)
      let expected: "edit" | "view" | undefined = "edit"
      list.forEach((sight, index) => {
        const seen = list.slice(0, index + 1)
        state = tell([look(1, sight, 2 + index)], state)[0]!.after
        const shown = best(seen)
        if (shown !== undefined) expected = shown
        else if (isCovered(ids, seen)) expected = undefined
        expect(seenBy(state, 1)).toBe(expected)
      })
    },
    { arbitrary: { runs: 500 } }
  )

  it.prop(
    "say nothing about an access that was reported after them",
    [marketplaces, array(sights, { maxLength: 6 }), between(0, 2)],
    ([ids, list, last]) => {
      const before =
        tell(
          list.map((sight, index) => look(1, sight, 2 + index / 10)),
          begun(ids)
        ).at(-1)?.after ?? begun(ids)
      const told = tell(
        [
          {
            _tag: "Withdraw",
            accountId: key(0).externalId,
            credentialId: id("credential", 1),
            performerId: id("credential", 0),
            at: hour(3)
          },
          grant(0, 1, 0, "edit", 4)
        ],
        before
      ).at(-1)!.after
      const region = regions[last] ?? "NA"
      const state = tell([look(1, { region, shown: "nothing" }, 5)], told)[0]!.after
      expect(seenBy(state, 1)).toBe(isCovered(ids, [{ region, shown: "nothing" }]) ? undefined : "edit")
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "doubt an administrator whom they do not show with the right to edit",
    [marketplaces, array(sights, { maxLength: 10 })],
    ([ids, list]) => {
      let state: Consolidation.State = begun(ids)
      let doubted = false
      list.forEach((sight, index) => {
        const seen = list.slice(0, index + 1)
        state = tell([look(0, sight, 2 + index)], state)[0]!.after
        const shown = best(seen)
        if (shown !== undefined || isCovered(ids, seen)) doubted = shown !== "edit"
        expect(
          ConsolidationPlan.plan(tell([{ _tag: "ChooseMain", credentialId: id("credential", 1) }], state)[0]!.after)
            .doubts.length > 0
        ).toBe(doubted)
      })
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "list an account that nobody has added as long as one of them shows it",
    [array(sights, { maxLength: 10 })],
    ([list]) => {
      let state: Consolidation.State = after({ _tag: "AddCredential", credential: credential(1) })
      list.forEach((sight, index) => {
        state = tell([look(1, sight, 2 + index)], state)[0]!.after
        const unknown = state._tag === "Open" ? state.looks.flatMap((one) => one.unknown) : []
        expect(unknown.map((one) => one.permission)).toEqual([best(list.slice(0, index + 1)) ?? []].flat())
      })
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "may arrive in any order, and each may arrive twice",
    [marketplaces, between(0, 5), pick<Shown>("edit", "view", "nothing"), pick<Shown>("edit", "view", "nothing")],
    ([ids, order, one, two]) => {
      const three = [
        look(1, { region: "NA", shown: one }, 2),
        look(1, { region: "EU", shown: two }, 3),
        look(1, { region: "FE", shown: "nothing" }, 4)
      ]
      const orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0]
      ] as const
      const mixed = (orders[order] ?? orders[0]).map((index) => three[index]!)
      const reached = tell(mixed, begun(ids)).at(-1)!.after
      expect(seenBy(reached, 1)).toBe(seenBy(tell(three, begun(ids)).at(-1)!.after, 1))
      for (const again of tell(mixed, reached)) expect(again.events).toEqual([])
    },
    { arbitrary: { runs: 300 } }
  )
})
