import { type Access, Channel, Connection, given, type Id, type Invitation } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { offers } from "../../driven/Deployment.ts"
import type { ConnectionFilter, InvalidCursor, NotFound, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { ownerOf } from "./knownOwner.ts"
import type { Renewable } from "./renewalCampaign.ts"
import { forEachSideBySide, sideBySide } from "../shared/sideBySide.ts"

/** Lists connections whose consent ends before an instant, with the owner to ask for a new one. */
export const renewable = Effect.fn("Requests.renewable")(function* (
  deps: Deps<"deployment" | "repository">,
  caller: Access.Caller,
  filter: { readonly expiresBefore: DateTime.Utc } & Pick<ConnectionFilter, "companyId" | "channel" | "marketplaceId">,
  page: PageRequest
) {
  yield* AccessScope.check(caller, "read")
  const found = yield* deps.repository.connections(
    caller.organizationId,
    {
      ...filter,
      states: ["Connected", "Limited", "ReauthorizationNeeded"],
      ...(yield* AccessScope.limited(deps, caller))
    },
    page
  )
  const items = yield* forEachSideBySide(found.items, (connection) => renewableOf(deps, caller, connection))
  return { ...found, items: items.flat() }
})

/**
 * A connection with what a campaign needs; nothing for one whose consent does not end, or that no person's consent
 * opens.
 */
const renewableOf = Effect.fnUntraced(function* (
  { deployment, repository }: Deps<"deployment" | "repository">,
  caller: Access.Caller,
  connection: Connection.Present
): Effect.fn.Return<ReadonlyArray<Renewable>, NotFound | InvalidCursor | StoreError> {
  if (!Connection.isLinked(connection) || connection.link.expiresAt === undefined) return []
  const { accountId, channel, companyId, id: connectionId, organizationId } = connection
  if (Channel.accessBy(channel, yield* CurrentCatalogue) === "partner" || !offers(deployment, channel)) return []
  const [{ state: company }, { state: account }, { items }] = yield* sideBySide(
    repository.find("company", organizationId, companyId),
    repository.find("account", organizationId, accountId),
    repository.invitations(organizationId, { connectionId, requests: true }, { limit: 1 })
  )
  const [last] = items
  const owner = last?.request?.owner ?? (yield* ownerOf({ repository }, caller, connection))
  return [
    {
      ...given({ connection, owner, openRequest: openId(last, yield* DateTime.now) }),
      expiresAt: connection.link.expiresAt,
      companyName: company.name,
      accountName: account.name
    }
  ]
})

const openId = (link: Invitation.Present | undefined, now: DateTime.Utc): Id.InvitationId | undefined =>
  link?._tag === "Open" && DateTime.isGreaterThan(link.expiresAt, now) ? link.id : undefined
