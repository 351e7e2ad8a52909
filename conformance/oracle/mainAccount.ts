/**
 * Many accounts under one login (rules S-R1 to S-R7, C13). The oracle keeps what is true at the provider, lets people
 * change it there with and without a word, and looks. For the plan it tries every set of people who could sign in.
 */
import { type Consolidation, ConsolidationPlan, Marketplace, type ProviderAccount } from "@portolan/domain"
import { Result } from "effect"
import { drive, type Driven, hour, id, minute, type Oracle, type World } from "./Oracle.ts"

type Right = "edit" | "view"

/** What is true at the provider: each account's administrator, marketplaces and secondary users. */
interface Truth {
  readonly logins: number
  readonly accounts: ReadonlyArray<{
    readonly administrator: number
    /** Whether somebody has named the administrator here. */
    readonly isNamed: boolean
    readonly marketplaceIds: ReadonlyArray<Marketplace.MarketplaceId>
    readonly rights: Map<number, Right>
  }>
}

type Sent = Driven<"consolidation">

const accountId = (n: number) => `A${n}` as ProviderAccount.ProviderAccountId
const credential = (n: number) =>
  ({ id: id("credential", n), provider: "amazon", name: `Login ${n}` as never }) as const
const regions = ["NA", "EU", "FE"] as const
const placesIn = (region: (typeof regions)[number]) => Marketplace.inRegion(region).map((one) => one.id)
const allPlaces = regions.flatMap(placesIn)

const make = (world: World): Truth => {
  const logins = 1 + world.below(5)
  return {
    logins,
    accounts: Array.from({ length: world.below(5) }, () => ({
      administrator: world.below(logins),
      isNamed: world.chance(75),
      marketplaceIds: world.pick(
        [world.pick(...(allPlaces as [Marketplace.MarketplaceId]))],
        [placesIn("NA")[0], placesIn("EU")[0]].flatMap((one) => one ?? [])
      ),
      rights: new Map<number, Right>()
    }))
  }
}

const open = (truth: Truth, { send }: Sent) => {
  send({
    _tag: "Open",
    consolidation: {
      id: id("consolidation"),
      organizationId: id("organization"),
      companyId: id("company"),
      openedAt: minute(0)
    }
  })
  for (let n = 0; n < truth.logins; n++) send({ _tag: "AddCredential", credential: credential(n) })
  for (const [n, { administrator, isNamed, marketplaceIds }] of truth.accounts.entries()) {
    send({
      _tag: "AddProviderAccount",
      account: {
        id: accountId(n),
        name: `Account ${n}` as never,
        provider: "amazon",
        accountType: "seller",
        marketplaceIds,
        ...(isNamed ? { administratorId: id("credential", administrator) } : {})
      }
    })
  }
}

/** What the provider shows to a login in some marketplaces. */
const shows = (truth: Truth, login: number, places: ReadonlyArray<string>) =>
  truth.accounts.flatMap(({ administrator, marketplaceIds, rights }, n) => {
    const permission = administrator === login ? "edit" : rights.get(login)
    if (permission === undefined || !marketplaceIds.some((one) => places.includes(one))) return []
    return [{ id: accountId(n), name: `Account ${n}`, permission }]
  })

const look = (truth: Truth, login: number, at: number, { send }: Sent) => {
  for (const [n, region] of regions.entries()) {
    send({
      _tag: "Observe",
      credentialId: id("credential", login),
      at: minute(at + n),
      marketplaceIds: placesIn(region),
      visible: shows(truth, login, placesIn(region))
    })
  }
}

/** An administrator lets somebody in or out; sometimes they also tell us. */
const act = (world: World, truth: Truth, now: number, { send }: Sent) => {
  const n = world.below(Math.max(1, truth.accounts.length))
  const account = truth.accounts[n]
  if (account === undefined) return
  const login = world.below(truth.logins)
  const performer = world.chance(80) ? account.administrator : world.below(truth.logins)
  const permission = world.pick("edit", "view")
  const gives = world.chance(60)
  const common = {
    accountId: accountId(n),
    credentialId: id("credential", login),
    performerId: id("credential", performer),
    at: minute(now)
  }
  const isEntitled = performer === account.administrator && login !== account.administrator
  if (isEntitled && gives) account.rights.set(login, permission)
  if (isEntitled && !gives) account.rights.delete(login)
  if (world.chance(50)) return
  const answer = send(gives ? { _tag: "Grant", permission, ...common } : { _tag: "Withdraw", ...common })
  if (!account.isNamed || login === account.administrator) return
  const isRefused = answer.startsWith("refused")
  world.same("S-R2: nobody but the administrator lets others in or out", performer !== account.administrator, isRefused)
}

/** What should be seen here once every login was looked at in every region. */
const mirror = (world: World, truth: Truth, state: Consolidation.State) => {
  for (let login = 0; login < truth.logins; login++) {
    const demanded = truth.accounts.flatMap(({ administrator, isNamed, rights }, n) => {
      // An administrator whom nobody has named is seen as a login that may edit.
      const right = administrator === login && !isNamed ? "edit" : rights.get(login)
      if (administrator === login && isNamed) return [`${accountId(n)} administrator`]
      return right === undefined ? [] : [`${accountId(n)} ${right}`]
    })
    const seen = ConsolidationPlan.visible(state, id("credential", login)).map(({ account, permission, role }) =>
      role === "administrator" ? `${account.id} administrator` : `${account.id} ${permission}`
    )
    world.same("S-R3, S-R6: what is seen mirrors the provider, both ways", demanded.toSorted(), seen.toSorted())
  }
}

/** The fewest people who must sign in so that the main login may edit every account that can be reached at all. */
const fewest = (truth: Truth, main: number): { readonly people: number; readonly reachable: number } => {
  const edits = ({ administrator, isNamed, rights }: Truth["accounts"][number]) =>
    (administrator === main && isNamed) || rights.get(main) === "edit" || (administrator === main && !isNamed)
  const owed = truth.accounts.filter((account) => !edits(account))
  const reachable = owed.filter(({ isNamed }) => isNamed)
  let people = truth.logins
  for (let set = 0; set < 2 ** truth.logins; set++) {
    const isIn = (login: number) => Math.floor(set / 2 ** login) % 2 === 1
    const size = Array.from({ length: truth.logins }, (_, login) => isIn(login)).filter(Boolean).length
    if (size < people && reachable.every(({ administrator }) => isIn(administrator))) people = size
  }
  return { people, reachable: reachable.length }
}

const judgePlan = (world: World, truth: Truth, { send, state }: Sent) => {
  const main = world.below(truth.logins)
  send({ _tag: "ChooseMain", credentialId: id("credential", main) })
  const plan = world.subject.plan(state())
  const { people, reachable } = fewest(truth, main)
  world.same("S-R2: no more people sign in than must", people, plan.steps.length)
  const grants = plan.steps.flatMap((step) => step.grants)
  world.same("S-R1: no grant is made that exists", reachable, grants.length)
  const after = ConsolidationPlan.afterPlan(state(), plan, hour(10_000))
  world.same("S-R2: every step of the plan is possible", true, Result.isSuccess(after))
  if (Result.isFailure(after)) return
  const seen = ConsolidationPlan.visible(after.success, id("credential", main))
  const edited = seen.filter(({ permission }) => permission === "edit").length
  world.same(
    "flow F4: afterwards the main login may edit all the others",
    truth.accounts.length,
    edited + plan.unsolved.length
  )
  const again = world.subject.plan(after.success)
  world.same("flow F4: a plan that was carried out asks nothing more", 0, again.steps.length)
}

/** Logins, accounts and what people do at the provider. */
export const mainAccount: Oracle = {
  name: "mainAccount",
  run: (world) => {
    const consolidation = drive("consolidation", world)
    const truth = make(world)
    world.record(
      truth.accounts.map(({ administrator, isNamed, marketplaceIds }) => ({ administrator, isNamed, marketplaceIds }))
    )
    open(truth, consolidation)
    let now = 1
    for (let round = 0; round < 3; round++) {
      for (let step = 0; step < 6; step++) {
        now += 10
        if (world.chance(70)) act(world, truth, now, consolidation)
        else look(truth, world.below(truth.logins), now, consolidation)
      }
      for (let login = 0; login < truth.logins; login++) look(truth, login, (now += 10), consolidation)
      mirror(world, truth, consolidation.state())
      judgePlan(world, truth, consolidation)
    }
  }
}
