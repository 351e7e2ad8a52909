import { Access, ApiKey, Channel, Id } from "@portolan/domain"
import { DateTime, Effect, Redacted, Schema } from "effect"
import type { Reading, ReadingError } from "../../driven/TokenReads.ts"
import { count } from "../shared/counting.ts"
import type { Deps } from "../shared/deps.ts"
import { bearerToken } from "../organizations/apiKeyToken.ts"
import { tokenReads } from "./metrics.ts"
import { type AccessToken, goodTokenIn } from "./storedTokens.ts"

const isConnectionId = Schema.is(Id.ConnectionId)

/** What the ordinary way gives or refuses, it counts itself. */
const countGiven = count(tokenReads, { for: "software", outcome: "ok" })

/** The token of a reading, when the key may have it and it is good. */
const tokenOf = (
  { catalogue }: Deps<"catalogue">,
  { connection, key, organization, secret }: Reading,
  now: DateTime.Utc
): AccessToken | undefined => {
  if (!ApiKey.isLive(key, now) || key.accessScope._tag !== "Everything") return undefined
  if (organization !== undefined && organization._tag !== "Open") return undefined
  if (Access.check(key, "connect")._tag === "Failure") return undefined
  const isLive = connection._tag === "Connected" || connection._tag === "Limited"
  if (!isLive || connection.paused !== undefined) return undefined
  if (Channel.accessBy(connection.channel, catalogue) === "partner") return undefined
  return goodTokenIn(secret.secret, now)
}

/**
 * The token of a connection for the API key of an `Authorization` header, in one reading: nothing but a good token of a
 * connection in use for a key that may have it. In every other case, and in every failure, nothing: the ordinary way
 * (`Callers.whoIs`, then `ofConnection`) then refreshes, or says why not.
 */
export const ofKey = Effect.fnUntraced(
  function* (
    deps: Deps<"catalogue" | "secrets" | "tokenReads">,
    headers: Headers,
    connectionId: string,
    operation = "AccessTokens.ofKey"
  ): Effect.fn.Return<AccessToken | undefined, ReadingError> {
    const token = bearerToken(headers.get("authorization") ?? "")
    if (token === undefined || !isConnectionId(connectionId)) return undefined
    const digest = yield* deps.secrets.digest(Redacted.make(token))
    const reading = yield* deps.tokenReads.byKey(digest, connectionId, operation)
    if (reading === undefined) return undefined
    const good = tokenOf(deps, reading, yield* DateTime.now)
    if (good !== undefined) yield* countGiven
    return good
  },
  // The ordinary way meets the same failure, and says it. A defect is no answer here, either.
  Effect.catch(() => Effect.succeed(undefined))
)
