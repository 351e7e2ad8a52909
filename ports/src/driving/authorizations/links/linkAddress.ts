/** An auth link with its address. Its token is derived from its id, so it can be shown again and is stored nowhere. */
import type { Aggregate, Id } from "@portolan/domain"
import { Effect, Redacted } from "effect"
import { linkUri } from "../../../driven/Deployment.ts"
import type { Deps } from "../../shared/deps.ts"

/** An auth link, or a request to connect. */
export type Link = Aggregate.Present<"invitation">

/** A link with its address. */
export interface LinkWithAddress {
  readonly link: Link
  /** Absent when the link can no longer be followed. */
  readonly url?: Redacted.Redacted<string>
}

/** The token of a link: the last segment of its address. */
export const tokenOf = ({ secrets }: Deps<"secrets">, id: Id.InvitationId) => secrets.derive("link-token", id)

/** Adds its address to a link that can still be followed. */
export const withAddress = (deps: Deps<"deployment" | "secrets">, link: Link): Effect.Effect<LinkWithAddress> =>
  link._tag === "Open"
    ? Effect.map(tokenOf(deps, link.id), (token) => ({
        link,
        url: Redacted.make(linkUri(deps.deployment.origin, Redacted.value(token)))
      }))
    : Effect.succeed({ link })

/** Finds a link by its token. Unknown tokens are all answered alike. */
export const linkByToken = (
  { repository, secrets }: Deps<"repository" | "secrets">,
  token: Redacted.Redacted<string>
) => Effect.flatMap(secrets.digest(token), repository.invitationByToken)
