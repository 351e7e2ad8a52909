/** Rules of accounts: their regions, their lists, and what a person may do there. */
import * as Hosts from "../core/Hosts.ts"
import { type ClientRule, working } from "./ClientRule.ts"
import { callsOf, NotVerified } from "./Stage.ts"

/** More campaigns than any page holds. */
const many = 2_350

/** The rules. */
export const accounts: ReadonlyArray<ClientRule> = [
  {
    id: "CLIENT-15",
    rule: "the host fits the account's region",
    situation: "work in Europe",
    rationale: "each region has a host of its own, and the others know nothing of its accounts",
    judge: async (stage) => {
      const connection = await stage.connect()
      const { status } = await stage.driver.work({ connection, region: "EU" })
      const { profiles } = stage.simulator.world()
      const scoped = callsOf(stage.journal()).filter(({ account }) => profiles[account ?? ""]?.region === "EU")
      const astray = scoped.find(({ host }) => host !== Hosts.ads.EU)
      if (astray !== undefined) return `a call for a European profile at ${astray.host}`
      if (scoped.length === 0 || status !== "done") throw new NotVerified(`its work in Europe ends ${status}`)
      return undefined
    }
  },
  {
    id: "CLIENT-19",
    rule: "lists are read to the end, without repeats",
    situation: `a profile with ${many} campaigns`,
    rationale: "who reads the first page believes that the rest does not exist",
    judge: async (stage) => {
      const connection = await working(stage)
      const { campaigns, people, profiles } = stage.simulator.world()
      const own = Object.keys(people.ada?.profiles ?? {}).filter(
        (id) => profiles[id]?.region === "NA" && profiles[id].type === "seller" && people.ada?.profiles[id] === "edit"
      )
      const [first = ""] = own
      const [sample] = campaigns[first] ?? []
      if (sample === undefined) throw new NotVerified("the world has no campaign to copy")
      campaigns[first] = Array.from({ length: many }, (_, index) => ({ ...sample, id: String(7_000_000 + index) }))
      const due = own.reduce((sum, id) => sum + (campaigns[id]?.length ?? 0), 0)
      const { campaigns: read, status } = await stage.driver.work({ connection })
      if (read === undefined)
        throw new NotVerified(`its work ends ${status} and does not say how many campaigns it read`)
      return read === due ? undefined : `it read ${read} campaigns, where there are ${due}`
    }
  },
  {
    id: "CLIENT-24",
    rule: "where a person may only look nothing is written",
    situation: "somebody who may look at advertising, and a change that is asked for",
    rationale: "the write is refused for sure; the list of profiles says beforehand who may change what",
    judge: async (stage) => {
      const { write } = stage.driver
      if (write === undefined) throw new NotVerified("it has no write")
      const ada = await stage.connect("ada")
      const { status } = await write({ connection: ada })
      if (status !== "done") throw new NotVerified(`a change that Ada may make ends ${status}`)
      await write({ connection: await stage.connect("chiara") })
      const refused = callsOf(stage.journal()).filter((entry) => entry.rule === "ADS-401-08").length
      return refused === 0 ? undefined : `${refused} changes of a person who may only look`
    }
  },
  {
    id: "CLIENT-25",
    rule: "a different identity after a consent that came again is refused",
    situation: "the connection of one person is renewed by another",
    rationale: "whoever is signed in at the browser consents; their accounts are not those of the connection",
    judge: async (stage) => {
      const { reconnect } = stage.driver
      if (reconnect === undefined) throw new NotVerified("it has no reconnect")
      const connection = await working(stage, "ada")
      const own = await reconnect({ connection })
      const same = await stage.driver.callback({ url: await stage.simulator.consent({ as: "ada", url: own.url }) })
      if (same.connection === undefined) throw new NotVerified("the same person cannot consent again")
      const other = await reconnect({ connection })
      await stage.driver.callback({ url: await stage.simulator.consent({ as: "emre", url: other.url }) })
      const seen = stage.since()
      await stage.work(connection)
      const { grants } = stage.simulator.world()
      const foreign = callsOf(seen()).filter(({ grant }) => grants[grant ?? ""]?.person === "emre").length
      return foreign === 0 ? undefined : `${foreign} calls with the consent of another person`
    }
  }
]
