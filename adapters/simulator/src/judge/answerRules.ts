/** Rules of what a client does after an answer. */
import { type ClientRule, HOUR_MS, atMost, refresh, seen, working } from "./ClientRule.ts"
import { callsOf, grantsOf } from "./Stage.ts"

/** The rules. */
export const answers: ReadonlyArray<ClientRule> = [
  {
    id: "CLIENT-09",
    rule: "after 401 one refresh and one repeat, then stop",
    situation: "every call is answered 401, however fresh the token",
    rationale: "a loop of refreshes and calls never ends, and hides what is wrong",
    judge: async (stage) => {
      const connection = await working(stage)
      stage.simulator.arm({ where: { path: "/v2/profiles" }, effect: { kind: "status", status: 401, body: "json" } })
      const seen = stage.since()
      await stage.work(connection)
      return (
        atMost(grantsOf(seen(), refresh).length, 1, "refreshes after 401") ??
        atMost(callsOf(seen()).length, 2, "calls that were answered 401")
      )
    }
  },
  {
    id: "CLIENT-10",
    rule: "after 403 no refresh",
    situation: "every call is answered 403",
    rationale: "a right that is missing does not come with a new token",
    judge: async (stage) => {
      const connection = await working(stage)
      stage.simulator.arm({ where: { path: "/v2/profiles" }, effect: { kind: "status", status: 403, body: "json" } })
      const seen = stage.since()
      await stage.work(connection)
      return atMost(grantsOf(seen(), refresh).length, 0, "refreshes after 403")
    }
  },
  {
    id: "CLIENT-11",
    rule: "after 429 silence for the stated time",
    situation: "429 with Retry-After: 30, and work at once, after ten seconds, and after a minute",
    rationale: "who asks on while throttled is throttled longer, with everybody else of the application",
    judge: async (stage) => {
      const connection = await working(stage)
      stage.simulator.arm({
        where: { host: "advertising-api.amazon.com" },
        effect: { kind: "status", status: 429, retryAfter: "30" },
        times: { kind: "first", count: 1 }
      })
      await stage.work(connection)
      const seen = stage.since()
      await stage.work(connection)
      await stage.pass(10_000)
      await stage.work(connection)
      const early = callsOf(seen()).length
      if (early > 0) return `${early} calls within the thirty seconds`
      await stage.pass(60_000)
      await stage.work(connection)
      return callsOf(seen()).length > 0 ? undefined : "it never came back after the thirty seconds"
    }
  },
  {
    id: "CLIENT-13",
    rule: "after 5xx a call is repeated a bounded number of times",
    situation: "the Ads API answers 503 to everything",
    rationale: "an outage is longer with a crowd that hammers",
    judge: async (stage) => {
      const connection = await working(stage)
      stage.simulator.arm({
        where: { host: "advertising-api.amazon.com" },
        effect: { kind: "status", status: 503, body: "html" }
      })
      const seen = stage.since()
      await stage.work(connection)
      return atMost(callsOf(seen()).length, 6, "calls during an outage")
    }
  },
  {
    id: "CLIENT-14",
    rule: "an error page, a cut or an empty body is never taken for data",
    situation: "200 with a page, with half of the JSON, and with nothing",
    rationale: "an empty list that is none deletes what a customer has",
    judge: async (stage) => {
      const connection = await working(stage)
      for (const body of ["html", "truncated", "empty"] as const) {
        const { id } = stage.simulator.arm({ where: { path: "/v2/profiles" }, effect: { kind: "junk", body } })
        const status = await stage.work(connection)
        if (status === "done") return `its work is done with a body that is ${body}`
        stage.simulator.disarm(id)
        await stage.pass(10 * 60_000)
      }
      return undefined
    }
  },
  {
    id: "CLIENT-16",
    rule: "every required header is present",
    situation: "ordinary work",
    rationale: "the API answers 401 to a header that is missing, which looks like a lost consent",
    judge: async (stage) =>
      seen(
        stage,
        async () => [await stage.work(await stage.connect())],
        () => {
          const refused = callsOf(stage.journal()).find((entry) => /^ADS-401-0[235]$/.test(entry.rule ?? ""))
          return refused === undefined
            ? undefined
            : `${refused.method} ${refused.path} is refused by ${refused.rule ?? ""}`
        }
      )
  },
  {
    id: "CLIENT-17",
    rule: "nothing secret in any address",
    situation: "consent, work, refresh and work",
    rationale: "addresses stand in logs, histories and referrers",
    judge: async (stage) =>
      seen(
        stage,
        async () => {
          const connection = await stage.connect()
          const first = await stage.work(connection)
          await stage.pass(2 * HOUR_MS)
          return [first, await stage.work(connection)]
        },
        () => {
          const bare = stage.journal().find((entry) => entry.secretInAddress)
          return bare === undefined
            ? undefined
            : `${bare.method} ${bare.host}${bare.path} holds a secret in its address`
        }
      )
  }
]
