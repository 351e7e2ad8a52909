import type { Channel } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { type MarketplaceStart, StartProblem } from "../../../driven/ProviderApi.ts"
import type { Deps } from "../../shared/deps.ts"

/** A consent cannot begin with this query of a log-in address; nothing was recorded. */
export class StartUnacceptable extends Schema.TaggedError<StartUnacceptable>()("StartUnacceptable", {
  problem: Schema.Union([StartProblem, Schema.Literal("not-offered")]),
  /** Which parameter, and what is wrong with it; never its value. */
  detail: Schema.String
}) {
  override get message(): string {
    return `${this.problem}: ${this.detail}`
  }
}

/** What a provider says with a query with which a consent can begin. */
export type Begun = Extract<MarketplaceStart, { readonly _tag: "Begun" }>

/** What the provider says with its query, or a failure that says what is wrong with it. */
export const readStart = (
  { provider }: Deps<"provider">,
  channel: Channel.Channel,
  query: URLSearchParams
): Effect.Effect<Begun, StartUnacceptable> => {
  const start = provider.readStart(channel, query)
  switch (start._tag) {
    case "Begun":
      return Effect.succeed(start)
    case "Unacceptable":
      return Effect.fail(new StartUnacceptable({ problem: start.problem, detail: start.detail }))
    case "NotOffered":
      return Effect.fail(new StartUnacceptable({ problem: "not-offered", detail: channel }))
  }
}

/**
 * Whether a consent can begin with a query of our log-in address: what is known before anybody signed in. Gives what
 * the provider says with it.
 */
export const checkStart = Effect.fn("Connecting.checkStart")(function* (
  deps: Deps<"provider">,
  channel: Channel.Channel,
  query: URLSearchParams
) {
  return yield* readStart(deps, channel, query)
})
