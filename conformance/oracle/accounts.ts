/** An account on the lists, off them, and its data (rules K-R2 to K-R6, P-R18, C14). */
import { Account } from "@portolan/domain"
import { ada, drive, hour, id, type Oracle } from "./Oracle.ts"

const us = "ATVPDKIKX0DER" as never

/** Accounts: taken off, put back, their data erased after the days in which it can be called off. */
export const keeping: Oracle = {
  name: "keeping",
  run: (world) => {
    const account = drive("account", world)
    const { send } = account
    const opened = send({
      _tag: "OpenAccount",
      companyBrands: [id("brand")],
      account: {
        id: id("account"),
        organizationId: id("organization"),
        companyId: id("company"),
        name: "US" as never,
        accountType: "seller",
        marketplaces: [us],
        brandIds: [id("brand")],
        defaultBrandId: id("brand"),
        createdAt: hour(0)
      }
    })
    world.same("K-R7: an account is opened", "done", opened)
    let [isListed, due, now, erasures] = [true, undefined as number | undefined, 0, 0]
    for (let step = 0; step < 20; step++) {
      if (world.chance(70)) now += world.pick(1, 24, 100, 24 * Account.graceDays)
      const connected = world.chance(25) ? 1 : 0
      const at = hour(now)
      switch (world.pick("remove", "restore", "delete", "keep", "erase", "rename", "brands")) {
        case "remove": {
          const answer = send({ _tag: "Remove", connected, at, by: ada })
          if (!isListed) break
          world.same("P-R18: what is connected is not removed", connected > 0, answer.startsWith("refused"))
          if (connected === 0) isListed = false
          break
        }
        case "restore":
          world.same("P-R18: removing keeps it", !isListed, send({ _tag: "Restore", at, by: ada }) === "done")
          isListed = true
          break
        case "delete": {
          const answer = send({ _tag: "DeleteData", connected, at, by: ada })
          world.same("C14: data of a live connection stays", connected > 0, answer.startsWith("refused"))
          if (connected === 0) due ??= now + 24 * Account.graceDays
          break
        }
        case "keep": {
          const answer = send({ _tag: "KeepData", at, by: ada })
          const isTooLate = due !== undefined && now >= due
          world.same("C14: an erasure is called off in time", isTooLate, answer.startsWith("refused"))
          if (!isTooLate) due = undefined
          break
        }
        case "erase": {
          const isDue = due !== undefined && now >= due
          world.same("C14: nothing is erased early", isDue, send({ _tag: "RecordErasure", rows: 1, at }) === "done")
          if (isDue) [due, erasures] = [undefined, erasures + 1]
          break
        }
        case "rename": {
          const answer = send({ _tag: "Rename", name: `N${step}` as never })
          world.same("P-R18: what is off the lists does not change", !isListed, answer.startsWith("refused"))
          break
        }
        case "brands": {
          const other = world.chance(50)
          const answer = send({
            _tag: "AssignBrands",
            brandIds: [id("brand"), ...(other ? [id("brand", 5)] : [])],
            defaultBrandId: world.chance(20) ? id("brand", 6) : id("brand"),
            companyBrands: [id("brand"), id("brand", 6)]
          })
          if (other) world.same("K-R5: a brand of another company is refused", true, answer.startsWith("refused"))
          break
        }
      }
      const state = account.state()
      if (state._tag === "Absent") return world.same("it is there", true, false)
      world.same("P-R18: whether it is listed", isListed, state._tag === "Open")
      world.same("C14: when its data goes", due === undefined ? undefined : hour(due), state.deletion?.dueAt)
      world.same("C14: whether its data went", erasures > 0, state.erasedAt !== undefined)
      world.same("K-R6: it has a default brand, one of its own", true, state.brandIds.includes(state.defaultBrandId))
    }
  }
}
