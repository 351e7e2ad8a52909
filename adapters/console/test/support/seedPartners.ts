/** Walmart in every state worth looking at, accounts that were removed or are to be erased, and an operator's desk. */
import { Accounts, Connections } from "@portolan/ports"
import { Effect } from "effect"
import { advertiser, assign, entryOf, grantOf, lists, sellerAccount } from "./walmart.ts"
import { caller, home, type World } from "./World.ts"

export const seedPartners = async (world: World) => {
  const { run } = world
  const company = await world.company("Lakeside Garden Co", "Lakeside")
  const choosing = await sellerAccount(world, company, "Lakeside Walmart")
  const linked = await sellerAccount(world, company, "Lakeside Patio")
  const waiting = await sellerAccount(world, company, "Lakeside Tools")
  const late = await sellerAccount(world, company, "Lakeside Pools")
  const other = await sellerAccount(world, await world.company("Hosting Demo", "Demo", "opal"), "Demo Walmart", "opal")
  await lists(world, [
    advertiser("610448", { name: "Lakeside Garden LLC", sellerId: "10001174", sellerName: "Lakeside Garden" }),
    advertiser("610449", {
      name: "Lakeside Garden",
      permission: "view",
      sellerId: "10001180",
      sellerName: "Lake Side Gardening"
    }),
    advertiser("610450", { name: "Lakeside Patio", sellerId: "10001175", sellerName: "Lakeside Patio" }),
    advertiser("720001", { name: "Lakeside Wholesale", type: "walmart-1p" }),
    advertiser("910001", { name: "Lakeside Pools Inc", sellerId: "10001199", sellerName: "Lakeside Pools" }),
    advertiser("910777", { name: "Brightwater Kitchens" })
  ])
  for (const id of ["610448", "610449", "610450", "720001"]) await assign(world, id, home)
  await world.ask(`/connections/${linked.connectionId}/advertisers/link`, {
    as: "ada",
    form: { advertiser: await grantOf(world, linked.connectionId, "610450"), confirmed: "yes" }
  })
  await world.ask(`/connections/${late.connectionId}/expectation`, {
    as: "ada",
    form: { advertiser: "Lakeside Pools" }
  })
  await world.work(300)
  world.move("30 hours")
  await world.ask(`/connections/${waiting.connectionId}/expectation`, {
    as: "mia",
    form: { advertiser: "Lakeside Tools" }
  })
  await world.ask(`/connections/${other.connectionId}/expectation`, {
    as: "opal",
    form: { advertiser: "Hosting Demo" }
  })
  await world.work(300)
  const pausing = linked.connectionId
  await run(Effect.flatMap(Connections.Connections, ({ pause }) => pause(caller("ada"), pausing)))
  const removed = await world.account(company, "Lakeside Old Shop")
  const erasing = await world.account(company, "Lakeside Trial")
  await run(
    Effect.flatMap(Accounts.Accounts, (accounts) =>
      Effect.all([accounts.remove(caller("ada"), removed.id), accounts.deleteData(caller("ada"), erasing.id)])
    )
  )
  return {
    company,
    choosing: choosing.connectionId,
    choosingAccount: choosing.account.id,
    linked: linked.connectionId,
    waiting: waiting.connectionId,
    late: late.connectionId,
    removed: removed.id,
    erasing: erasing.id,
    unassigned: (await entryOf(world, "910777")).id,
    assigned: (await entryOf(world, "610450")).id,
    confirm: await grantOf(world, choosing.connectionId, "610449")
  }
}
