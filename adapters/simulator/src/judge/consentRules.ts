/** Rules of consents and callbacks. */
import { type ClientRule, atMost, code } from "./ClientRule.ts"
import { grantsOf } from "./Stage.ts"

/** The rules. */
export const consents: ReadonlyArray<ClientRule> = [
  {
    id: "CLIENT-01",
    rule: "a code is sent to the token address once",
    situation: "the callback is delivered twice",
    rationale: "a code that comes twice may end what it began: providers revoke what a used code bought",
    judge: async (stage) => {
      const url = await stage.consent()
      await Promise.all([stage.driver.callback({ url }), stage.driver.callback({ url })])
      return atMost(grantsOf(stage.journal(), code).length, 1, "exchanges of one code")
    }
  },
  {
    id: "CLIENT-02",
    rule: "a callback with a state that is not its own leads to no token request",
    situation: "callbacks with an unknown state, without one, and with one that was used",
    rationale: "anybody can send a browser to the callback address; only the state says that the client began it",
    judge: async (stage) => {
      const url = await stage.consent()
      const seen = stage.since()
      const altered = new URL(url)
      altered.searchParams.set("state", "somebody-elses")
      await stage.driver.callback({ url: altered.href })
      altered.searchParams.delete("state")
      await stage.driver.callback({ url: altered.href })
      const forged = grantsOf(seen(), code).length
      if (forged > 0) return `${forged} exchanges for a state that the client never gave`
      await stage.driver.callback({ url })
      const again = stage.since()
      altered.searchParams.set("state", new URL(url).searchParams.get("state") ?? "")
      altered.searchParams.set("code", "ANanother")
      await stage.driver.callback({ url: altered.href })
      return grantsOf(again(), code).length > 0 ? "an exchange for a state that was used" : undefined
    }
  },
  {
    id: "CLIENT-03",
    rule: "the exchange repeats the return address and proof key of its own consent",
    situation: "two consents at once, answered in the other order",
    rationale: "values kept for a browser instead of a consent are those of the other tab",
    judge: async (stage) => {
      const [first, second] = [await stage.consent(), await stage.consent("emre")]
      const made = [await stage.driver.callback({ url: second }), await stage.driver.callback({ url: first })]
      const refused = grantsOf(stage.journal(), code).find((entry) => entry.status !== 200)
      if (refused !== undefined) return `the exchange is refused: ${refused.rule ?? refused.status}`
      return made.every((one) => one.connection !== undefined) ? undefined : "one of two consents made no connection"
    }
  }
]
