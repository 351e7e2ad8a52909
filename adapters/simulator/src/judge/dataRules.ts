/** Rules of what a client reads, and of silence. */
import { type ClientRule, HOUR_MS, atMost, seen, working } from "./ClientRule.ts"
import { callsOf, NotVerified } from "./Stage.ts"

/** The rules. */
export const data: ReadonlyArray<ClientRule> = [
  {
    id: "CLIENT-18",
    rule: "an identifier comes back digit for digit",
    situation: "profiles whose ids lie above 2^53",
    rationale: "a profile id that passed through a double is somebody else's, or nobody's",
    judge: async (stage) => {
      await stage.work(await stage.connect())
      const scoped = callsOf(stage.journal()).filter(({ account, path }) => account !== null && path.startsWith("/sp/"))
      const known = new Set(Object.keys(stage.simulator.world().profiles))
      const large = scoped.filter((entry) => Number(entry.account) > Number.MAX_SAFE_INTEGER)
      const odd = scoped.find((entry) => !known.has(entry.account ?? ""))
      if (odd !== undefined) return `a call for the profile ${odd.account ?? ""}, which there is not`
      if (large.length === 0) throw new NotVerified("it asked for no profile whose id lies above 2^53")
      return undefined
    }
  },
  {
    id: "CLIENT-20",
    rule: "new fields break nothing",
    situation: "profiles with fields and codes that nobody has seen",
    rationale: "a provider adds fields without asking",
    judge: async (stage) => {
      const connection = await working(stage)
      const ids = Object.values(stage.simulator.world().profiles).filter(
        ({ region, type }) => region === "NA" && type === "seller"
      )
      const own = ids.find(({ id }) => Number(id) < Number.MAX_SAFE_INTEGER) ?? ids[0]
      stage.simulator.arm({
        where: { path: "/v2/profiles" },
        effect: {
          kind: "status",
          status: 200,
          json: [
            {
              profileId: Number(own?.id ?? "1"),
              countryCode: "US",
              currencyCode: "USD",
              timezone: "America/Los_Angeles",
              novel: { deep: [1, null] },
              accountInfo: {
                marketplaceStringId: own?.marketplaceId ?? "",
                id: own?.accountId ?? "",
                type: "seller",
                name: own?.accountName ?? "",
                subType: "UNSEEN_KIND",
                validPaymentMethod: true
              }
            }
          ]
        }
      })
      const status = await stage.work(connection)
      return status === "done" ? undefined : `its work ends ${status}`
    }
  },
  {
    id: "CLIENT-21",
    rule: "token and account in one request belong together",
    situation: "two people's connections at work at once",
    rationale: "a token of one customer beside the account of another is a leak, or was one",
    judge: async (stage) =>
      seen(
        stage,
        async () => {
          const [ada, emre] = [await stage.connect("ada"), await stage.connect("emre")]
          return Promise.all([ada, emre, ada, emre].map(stage.work))
        },
        () => {
          const { grants, people, profiles } = stage.simulator.world()
          const mixed = callsOf(stage.journal()).filter(({ account, grant, path }) => {
            const rights = people[grants[grant ?? ""]?.person ?? ""]?.profiles
            const isKnown = profiles[account ?? ""] !== undefined
            return path.startsWith("/sp/") && isKnown && rights !== undefined && rights[account ?? ""] === undefined
          })
          // Who reads for one with the token of the other has not as many lists of each as there was work.
          const lists = (who: string) =>
            callsOf(stage.journal()).filter(
              ({ grant, path }) => path === "/v2/profiles" && grants[grant ?? ""]?.person === who
            ).length
          if (mixed.length > 0) return `${mixed.length} calls for a profile of somebody else`
          return lists("ada") === 2 && lists("emre") === 2
            ? undefined
            : `${lists("ada")} lists of the one and ${lists("emre")} of the other, where each has two`
        }
      )
  },
  {
    id: "CLIENT-26",
    rule: "after disconnect, silence; when idle, silence",
    situation: "a connection is ended, a day passes, and work is asked for",
    rationale: "who disconnected does not expect to be read any more",
    judge: async (stage) => {
      const { disconnect } = stage.driver
      if (disconnect === undefined) throw new NotVerified("it has no disconnect")
      const connection = await working(stage)
      await disconnect({ connection })
      await stage.pass(24 * HOUR_MS)
      const seen = stage.since()
      await stage.work(connection)
      return atMost(seen().length, 0, "requests after the disconnect")
    }
  }
]
