/** An account on the lists, off them, and its data (rules K-R2 to K-R6, P-R18, C14). */
import { Account } from "@portolan/domain"
import { ada, drive, type Driven, hour, id, type Oracle, type World } from "./Oracle.ts"

/** What a person would keep on paper. */
interface Paper {
  isListed: boolean
  countries: ReadonlyArray<Country>
  former: ReadonlyArray<Country>
  erasureDue: number | undefined
  erasures: number
}
type Country = (typeof countries)[number]
type Sent = Driven<"account">

/** United States, Canada, Mexico. */
const countries = ["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8"] as const

const grace = 24 * Account.graceDays

const open: Account.Command = {
  _tag: "OpenAccount",
  companyBrands: [id("brand")],
  account: {
    id: id("account"),
    organizationId: id("organization"),
    companyId: id("company"),
    name: "US",
    accountType: "seller",
    marketplaces: ["ATVPDKIKX0DER" as Account.Open["marketplaces"][0]],
    brandIds: [id("brand")],
    defaultBrandId: id("brand"),
    createdAt: hour(0)
  }
}

const remove = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const connected = world.chance(25) ? 1 : 0
  const answer = send({ _tag: "Remove", connected, at: hour(now), by: ada })
  if (!paper.isListed) return
  world.same("P-R18: what is connected is not removed", connected > 0, answer.startsWith("refused"))
  if (connected === 0) paper.isListed = false
}

const restore = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "Restore", at: hour(now), by: ada })
  world.same("P-R18: removing keeps it", !paper.isListed, answer === "done")
  paper.isListed = true
}

const deleteData = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const connected = world.chance(25) ? 1 : 0
  const answer = send({ _tag: "DeleteData", connected, at: hour(now), by: ada })
  world.same("C14: data of a live connection stays", connected > 0, answer.startsWith("refused"))
  if (connected === 0) paper.erasureDue ??= now + grace
}

const keepData = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "KeepData", at: hour(now), by: ada })
  const isTooLate = paper.erasureDue !== undefined && now >= paper.erasureDue
  world.same("C14: an erasure is called off in time", isTooLate, answer.startsWith("refused"))
  if (!isTooLate) paper.erasureDue = undefined
}

const erase = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const isDue = paper.erasureDue !== undefined && now >= paper.erasureDue
  const answer = send({ _tag: "RecordErasure", rows: 1, at: hour(now) })
  world.same("C14: nothing is erased early", isDue, answer === "done")
  if (isDue) Object.assign(paper, { erasureDue: undefined, erasures: paper.erasures + 1 })
}

const rename = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const answer = send({ _tag: "Rename", name: `N${now}` })
  world.same("P-R18: what is off the lists does not change", !paper.isListed, answer.startsWith("refused"))
}

const assignBrands = (world: World, paper: Paper, _: number, { send }: Sent) => {
  const isAlien = world.chance(50)
  const defaultBrandId = world.chance(20) ? id("brand", 6) : id("brand")
  const answer = send({
    _tag: "AssignBrands",
    brandIds: [id("brand"), ...(isAlien ? [id("brand", 5)] : [])],
    defaultBrandId,
    companyBrands: [id("brand"), id("brand", 6)]
  })
  if (!paper.isListed) return
  const isWrong = isAlien || defaultBrandId !== id("brand")
  world.same("K-R5, K-R6: brands are the company's, the default one of them", isWrong, answer.startsWith("refused"))
}

const addCountry = (world: World, paper: Paper, _: number, { send }: Sent) => {
  const country = world.pick(...countries)
  const answer = send({ _tag: "AddMarketplace", marketplaceId: country as Account.Open["marketplaces"][0] })
  if (!paper.isListed) return world.same("P-R18: nothing is added off the lists", true, answer.startsWith("refused"))
  const isThere = paper.countries.includes(country)
  world.same("P-R6: a country joins, and comes back", isThere ? "so already" : "done", answer)
  if (!isThere) paper.countries = [...paper.countries, country]
  paper.former = paper.former.filter((one) => one !== country)
}

const takeCountryOut = (world: World, paper: Paper, now: number, { send }: Sent) => {
  const country = world.pick(...countries)
  const connected = world.chance(25) ? 1 : 0
  const marketplaceId = country as Account.Open["marketplaces"][0]
  const answer = send({ _tag: "RemoveMarketplace", marketplaceId, connected, at: hour(now), by: ada })
  if (!paper.isListed) return world.same("P-R18: nothing is taken off twice", true, answer.startsWith("refused"))
  const [home] = paper.countries
  const isThere = paper.countries.includes(country)
  if (!isThere && paper.former.includes(country)) return world.same("C14: it is out already", "so already", answer)
  const isFree = isThere && country !== home && connected === 0
  world.same("C14: a country that was a mistake, not the first, not a live one", isFree, answer === "done")
  world.same("C14: else it is refused", !isFree, answer.startsWith("refused"))
  if (!isFree) return
  paper.countries = paper.countries.filter((one) => one !== country)
  paper.former = [...paper.former, country]
}

const actions = [addCountry, takeCountryOut, remove, restore, deleteData, keepData, erase, rename, assignBrands]

/** Accounts: taken off, put back, their data erased after the days in which it can be called off. */
export const keeping: Oracle = {
  name: "keeping",
  run: (world) => {
    const account = drive("account", world)
    world.same("K-R7: an account is opened", "done", account.send(open))
    const paper: Paper = { isListed: true, countries: [countries[0]], former: [], erasureDue: undefined, erasures: 0 }
    let now = 0
    for (let step = 0; step < 20; step++) {
      if (world.chance(70)) now += world.pick(1, 24, 100, grace)
      actions[world.below(actions.length)]?.(world, paper, now, account)
      const state = account.state()
      if (state._tag === "Absent") return world.same("it is there", true, false)
      const { erasureDue, erasures, isListed } = paper
      world.same("P-R18: whether it is listed", isListed, state._tag === "Open")
      world.same("P-R6: where it sells", paper.countries, state.marketplaces)
      world.same("C14: when its data goes", erasureDue && hour(erasureDue), state.deletion?.dueAt)
      world.same("C14: whether its data went", erasures > 0, state.erasedAt !== undefined)
      world.same("K-R6: it has a default brand, one of its own", true, state.brandIds.includes(state.defaultBrandId))
    }
  }
}
