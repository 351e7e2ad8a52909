/**
 * A further country: joins the account, or wants one of its own (rules P-R6, C5, X-R12). The oracle has its own list of
 * regions and of countries that providers keep apart, and asks the advice and the machine the same question.
 */
import { Account, Marketplace } from "@portolan/domain"
import { drive, hour, id, type Oracle, type World } from "./Oracle.ts"

const regions: { readonly [region: string]: ReadonlyArray<string> } = {
  NA: ["US", "CA", "MX", "BR"],
  EU: ["GB", "DE", "FR", "IT", "ES", "NL", "SE", "PL", "BE", "IE", "TR", "AE", "SA", "EG", "IN", "ZA"],
  FE: ["JP", "AU", "SG"]
}
const apart = new Set(["JP", "AU", "SG", "AE", "SA", "EG", "IN", "TR", "ZA"])
const kinds: { readonly [provider: string]: ReadonlyArray<string> } = {
  amazon: ["seller", "vendor"],
  walmart: ["walmart-1p", "walmart-3p"]
}

type Place = Pick<Marketplace.Marketplace, "id" | "provider" | "countryCode">

const regionOf = ({ countryCode, provider }: Place): string => {
  if (provider !== "amazon") return `${provider} ${countryCode}`
  return Object.keys(regions).find((name) => regions[name]?.includes(countryCode)) ?? "nowhere"
}
const isApart = ({ countryCode, provider }: Place): boolean => provider === "amazon" && apart.has(countryCode)

/** What the rules say about holding these countries together, the last one request for. */
const rule = (
  held: ReadonlyArray<Place>,
  request: { readonly place: Place; readonly own: string; readonly type: string; readonly listed: boolean }
): string => {
  const { listed, own, place, type } = request
  const [home] = held
  if (home === undefined || kinds[place.provider]?.includes(type) !== true) return "impossible"
  if (home.provider !== place.provider || own !== type) return "add-account"
  if (held.some((one) => one.id === place.id)) return "already-there"
  if (regionOf(home) !== regionOf(place)) return "add-account"
  if (listed) return "add-marketplace"
  return [...held, place].some(isApart) ? "add-account" : "add-marketplace"
}

const anyOf = (places: ReadonlyArray<Place>, { below }: World): Place => {
  const place = places[below(places.length)]
  if (place === undefined) throw new Error("the catalogue has no marketplace")
  return place
}

/** Countries, cell by cell. */
export const expanding: Oracle = {
  name: "expanding",
  run: (world) => {
    const places = Marketplace.all
    const any = () => anyOf(places, world)
    for (let cell = 0; cell < 12; cell++) {
      const home = any()
      const own = world.pick(...((kinds[home.provider] ?? []) as ["seller"]))
      const account = drive("account", world)
      const held: [Place, ...Array<Place>] = [home]
      if (world.chance(50)) {
        const more = any()
        if (rule(held, { place: more, own, type: own, listed: false }) === "add-marketplace") held.push(more)
      }
      const create = {
        _tag: "OpenAccount",
        companyBrands: [id("brand")],
        account: {
          id: id("account"),
          organizationId: id("organization"),
          companyId: id("company"),
          name: "N" as never,
          accountType: own,
          marketplaces: [home.id, ...held.slice(1).map((one) => one.id)],
          brandIds: [id("brand")],
          defaultBrandId: id("brand"),
          createdAt: hour(0)
        }
      } as const
      world.same("C5: countries that belong together open one account", "done", account.send(create))
      const state = account.state() as Account.Open
      const place = any()
      const type = world.pick(own, own, "seller", "vendor", "walmart-1p", "walmart-3p")
      const listed = world.chance(30)
      const list = world.pick<ReadonlyArray<Place["id"]> | undefined>(undefined, [], [home.id])
      const all = listed ? [...(list ?? []), place.id] : list
      world.record({ held: held.map((one) => one.countryCode), place: place.countryCode, own, type, all })
      const demanded = rule(held, { place, own, type, listed: all?.includes(place.id) === true })
      const advice = world.subject.expand(state, { marketplaceId: place.id, accountType: type }, all).decision
      world.same("P-R6: what is advised", demanded, advice)
      // Both ways: what is advised is accepted, and what is not advised is refused.
      const alone = drive("account", world)
      const own1 = { ...create.account, accountType: type, marketplaces: [place.id] as const }
      const opens = alone.send({ ...create, account: own1 }) === "done"
      world.same("P-R6: an account of its own can be opened where it is advised", advice !== "impossible", opens)
      if (type !== own) continue
      const answer = account.send({ _tag: "AddMarketplace", marketplaceId: place.id, ...(all && { listed: all }) })
      const expected =
        { "add-marketplace": "done", "already-there": "so already" }[advice as string] ?? "refused: contradiction"
      world.same("P-R6: a country is added where it is advised", expected, answer)
      if (all !== undefined) continue
      const both = drive("account", world).send({
        ...create,
        account: { ...create.account, marketplaces: [...create.account.marketplaces, place.id] }
      })
      world.same(
        "C5: opened together as they would be added",
        expected.startsWith("refused"),
        both.startsWith("refused")
      )
    }
  }
}
