/** Rules of access and refresh tokens. */
import { type ClientRule, HOUR_MS, atMost, refresh, working } from "./ClientRule.ts"
import { callsOf, grantsOf, NotVerified } from "./Stage.ts"

/** The rules. */
export const tokens: ReadonlyArray<ClientRule> = [
  {
    id: "CLIENT-04",
    rule: "no request carries an expired access token",
    situation: "two hours without work",
    rationale: "a token's end is known; a call with an old one is refused for sure, and looks like a revocation",
    judge: async (stage) => {
      const connection = await working(stage)
      await stage.pass(2 * HOUR_MS)
      const seen = stage.since()
      await stage.work(connection)
      const refused = callsOf(seen()).filter((entry) => entry.status === 401).length
      return refused === 0 ? undefined : `${refused} calls with an expired token`
    }
  },
  {
    id: "CLIENT-05",
    rule: "one refresh for each expiry, whatever the number of workers",
    situation: "eight pieces of work at once after the token ended",
    rationale: "refreshes in parallel race for a rotated token, and count as abuse",
    judge: async (stage) => {
      const connection = await working(stage)
      await stage.pass(2 * HOUR_MS)
      const seen = stage.since()
      await Promise.all(Array.from({ length: 8 }, () => stage.work(connection)))
      const count = grantsOf(seen(), refresh).length
      if (count === 0) throw new NotVerified("it refreshed nothing after two hours")
      return atMost(count, 1, "refreshes")
    }
  },
  {
    id: "CLIENT-06",
    rule: "after a rotation the newest refresh token is used",
    situation: "each refresh gives a new refresh token, and ends the one before",
    rationale: "the old token is dead; using it ends the connection for no reason that its owner knows",
    policy: { rotation: "strict" },
    judge: async (stage) => {
      const connection = await working(stage)
      for (let round = 0; round < 3; round += 1) {
        await stage.pass(2 * HOUR_MS)
        await stage.work(connection)
      }
      const refreshes = grantsOf(stage.journal(), refresh)
      if (refreshes.length < 2) throw new NotVerified("it refreshed less than twice")
      const old = refreshes.filter((entry) => entry.rule === "LWA-TOK-17").length
      return old === 0 ? undefined : `${old} refreshes with a token that was rotated away`
    }
  },
  {
    id: "CLIENT-07",
    rule: "a refused grant is confirmed at most once, then left alone",
    situation: "the owner removes the application, and work goes on",
    rationale: "a revoked consent stays revoked; asking on is noise, and the owner has to be told",
    judge: async (stage) => {
      const connection = await working(stage)
      stage.simulator.revoke("ada")
      await stage.pass(2 * HOUR_MS)
      for (let round = 0; round < 6; round += 1) {
        await stage.work(connection)
        await stage.pass(HOUR_MS)
      }
      const refused = grantsOf(stage.journal(), refresh).filter((entry) => entry.rule === "LWA-TOK-12").length
      if (refused === 0) throw new NotVerified("it never met the revocation")
      return atMost(refused, 2, "refreshes of a revoked consent")
    }
  },
  {
    id: "CLIENT-08",
    rule: "refused application credentials do not end consents",
    situation: "the client secret is replaced and the client still has the old one",
    rationale: "the fault is the operator's; consents that are thrown away need every owner again",
    judge: async (stage) => {
      const connection = await working(stage)
      const { clientId } = stage.simulator.application()
      stage.simulator.act({ kind: "rotate-secret", clientId, overlapSeconds: 0 })
      await stage.pass(2 * HOUR_MS)
      const status = await stage.work(connection)
      const met = grantsOf(stage.journal(), refresh).some((entry) => /^LWA-TOK-0[34]$/.test(entry.rule ?? ""))
      if (!met) throw new NotVerified("its secret was never refused")
      return status === "ended" ? "the consent ended with the secret" : undefined
    }
  }
]
