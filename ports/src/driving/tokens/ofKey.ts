import { Access, ApiKey, Channel, Id } from "@portolan/domain"
import { DateTime, Effect, Redacted, Schema } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { ReadingError } from "../../driven/TokenReads.ts"
import { TokenUse } from "../../driven/TokenUse.ts"
import { count } from "../shared/counting.ts"
import type { Deps } from "../shared/deps.ts"
import { bearerToken } from "../organizations/apiKeyToken.ts"
import { tokenReads } from "./metrics.ts"
import { type AccessToken, goodToken, open } from "./storedTokens.ts"

const isConnectionId = Schema.is(Id.ConnectionId)

/**
 * The token of a connection for the API key of an `Authorization` header, in one reading: nothing but a good token of a
 * connection in use for a key that may have it. In every other case, and in every failure, nothing: the ordinary way
 * (`Callers.whoIs`, then `ofConnection`) then refreshes, or says why not.
 */
export const ofKey = Effect.fnUntraced(
  function* (
    deps: Deps<"secrets" | "tokenReads">,
    headers: Headers,
    connectionId: string
  ): Effect.fn.Return<AccessToken | undefined, ReadingError> {
    const token = bearerToken(headers.get("authorization") ?? "")
    if (token === undefined || !isConnectionId(connectionId)) return undefined
    const digest = yield* deps.secrets.digest(Redacted.make(token))
    const { operation } = yield* TokenUse
    const reading = yield* deps.tokenReads.byKey(digest, connectionId, operation)
    if (reading === undefined) return undefined
    const { connection, key, organization, secret } = reading
    if (!ApiKey.isLive(key, yield* DateTime.now)) return undefined
    if (key.accessScope._tag !== "Everything" || (organization !== undefined && organization._tag !== "Open"))
      return undefined
    if (Access.check(key, "connect")._tag === "Failure") return undefined
    const isLive = connection._tag === "Connected" || connection._tag === "Limited"
    if (!isLive || connection.paused !== undefined) return undefined
    if (Channel.accessBy(connection.channel, yield* CurrentCatalogue) === "partner") return undefined
    const good = yield* goodToken({ ...(yield* open(secret.secret)), version: secret.version }, undefined)
    // What the ordinary way gives or refuses, it counts itself.
    if (good !== undefined) yield* count(tokenReads, { for: "software", outcome: "ok" })
    return good
  },
  // The ordinary way meets the same failure, and says it. A defect is no answer here, either.
  Effect.catch(() => Effect.succeed(undefined))
)
