import { type Authorization, given } from "@portolan/domain"
import { Effect, type Redacted } from "effect"
import { on, startingFrom } from "../../shared/change.ts"
import type { ChangeDeps } from "../../shared/deps.ts"
import type { RedirectDeps } from "../redirect.ts"
import { startAuthorization } from "../startAuthorization.ts"
import { linkByToken } from "./linkAddress.ts"

/** Follows a link: starts an authorization, puts that on the link, and sends the browser to the provider. */
export const follow = Effect.fn("AuthLinks.follow")(function* (
  deps: ChangeDeps & RedirectDeps,
  token: Redacted.Redacted<string>,
  browser: Redacted.Redacted<string> | undefined,
  consenting?: Authorization.Consenting
) {
  const read = yield* linkByToken(deps, token)
  const { connectionId, id: invitationId, organizationId } = read.state
  const { state: connection } = yield* deps.repository.find("connection", organizationId, connectionId)
  const source = startingFrom(read, deps.repository.find("invitation", organizationId, invitationId))
  return yield* startAuthorization(deps, connection, {
    origin: { _tag: "ByLink", ...given({ invitationId, consenting }) },
    actor: { _tag: "Guest", invitationId },
    browser,
    also: (authorizationId) => [on("invitation", source, (at) => ({ _tag: "Follow", authorizationId, at }))]
  })
})
