/**
 * Reminders for owners who are no members. Whoever gave a consent by answering a request has an address here and no
 * account, so the software makes a request that renews the consent: its link works for somebody without an account, and
 * the owner's *I did not expect this* on its page ends the reminders of that consent. One request stands for all
 * connections of the consent, since one renewal answers for them. When it is mailed follows from it
 * (`remindOwner.ts`).
 */
import { Account, type Actor, Connection, type Grant, type Id, Invitation } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { pageLimit } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import { tokenOf } from "../authorizations/links/linkAddress.ts"
import { requireConsentChannel } from "../requests/requireConsentChannel.ts"
import { assertUnchanged, decideAndCommit, decideNew } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { memberId } from "../shared/memberId.ts"
import { completing, done, type JobContext } from "../work/jobContext.ts"

/** The request that somebody answered with a consent; nothing for a consent that came otherwise. */
export const answeredRequest = Effect.fnUntraced(
  function* (
    { repository }: Deps<"repository">,
    { authorizationId, organizationId }: Pick<Grant.Present, "authorizationId" | "organizationId">
  ) {
    if (authorizationId === undefined) return undefined
    const { state } = yield* repository.find("authorization", organizationId, authorizationId)
    if (state.origin._tag !== "ByLink") return undefined
    const { state: link } = yield* repository.find("invitation", organizationId, state.origin.invitationId)
    return link.request
  },
  Effect.catchTag("NotFound", () => Effect.succeed(undefined))
)

/** Whether an address is a member's. */
const isMember = (
  deps: Deps<"repository" | "secrets">,
  organizationId: Id.OrganizationId,
  email: string
): Effect.Effect<boolean, StoreError> =>
  Effect.flatMap(memberId(deps, organizationId, email), (id) =>
    deps.repository.find("member", organizationId, id)
  ).pipe(
    Effect.map(({ state }) => state._tag === "Active"),
    Effect.catchTag("NotFound", () => Effect.succeed(false))
  )

/**
 * The connection that a request for all connections of a consent is about: the first one that can be authorized again;
 * nothing when none can.
 */
const spokesman = Effect.fnUntraced(function* (
  { deployment, repository }: Deps<"deployment" | "repository">,
  { id: grantId, organizationId }: Grant.Present
) {
  const catalogue = yield* CurrentCatalogue
  const connections = yield* repository.connectionsOfGrant(organizationId, grantId)
  const sorted = connections.map(({ state }) => state).toSorted((one, other) => (one.id < other.id ? -1 : 1))
  for (const connection of sorted) {
    const { state: account } = yield* repository.find("account", organizationId, connection.accountId)
    const isUsable = yield* Effect.fromResult(Account.inUse(account, "Invitation", "Issue")).pipe(
      Effect.andThen(Effect.fromResult(Connection.inUse(connection, "Invitation", "Issue", catalogue))),
      Effect.andThen(requireConsentChannel(deployment, connection)),
      Effect.as(true),
      Effect.catchTag("Refused", () => Effect.succeed(false))
    )
    if (isUsable) return connection
  }
  return undefined
})

/**
 * Whether a request speaks against another one for the same consent: it is open, or its owner or a member does not want
 * it.
 */
const isEnough = (link: Invitation.Present, { id: grantId }: Grant.Present, now: DateTime.Utc): boolean => {
  if (link.request?.renews?.grantId !== grantId) return false
  const objection = link._tag === "Open" || link._tag === "Expired" ? link.objection : undefined
  return Invitation.isOpen(link, now) || link._tag === "Revoked" || objection !== undefined
}

interface Ending {
  readonly grant: Grant.Present
  readonly endsAt: DateTime.Utc
}

const isAskedAlready = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { id: connectionId, organizationId }: Connection.Linked,
  grant: Grant.Present,
  now: DateTime.Utc
) {
  const { items } = yield* repository
    .invitations(organizationId, { connectionId, requests: true }, { limit: pageLimit })
    .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  return items.some((link) => isEnough(link, grant, now))
})

/** The request that reminds the owner of a consent; nothing when nobody outside gave it, or one is there already. */
const requestFor = Effect.fnUntraced(function* (
  deps: ChangeDeps & Deps<"deployment">,
  { endsAt, grant }: Ending,
  at: DateTime.Utc,
  issuedBy: Actor.Actor
) {
  const { id: grantId, organizationId } = grant
  const answered = yield* answeredRequest(deps, grant)
  if (answered === undefined || (yield* isMember(deps, organizationId, answered.owner.email))) return []
  const connection = yield* spokesman(deps, grant)
  if (connection === undefined || (yield* isAskedAlready(deps, connection, grant, at))) return []
  const { accountId, channel, companyId, id: connectionId, marketplaceId } = connection
  const { owner, requester } = answered
  const id = yield* deps.secrets.id("invitation")
  const tokenDigest = yield* Effect.flatMap(tokenOf(deps, id), deps.secrets.digest)
  const link = {
    id,
    organizationId,
    companyId,
    accountId,
    connectionId,
    channel,
    tokenDigest,
    issuedBy,
    issuedAt: at,
    expiresAt: DateTime.addDuration(at, Invitation.lifetime.longest),
    request: { owner, requester, marketplaceId, renews: { grantId, endsAt } }
  }
  return [yield* decideNew("invitation", id, { _tag: "Issue", link })]
})

/** Sees to it that the owner of a consent which ends is reminded if they are outside; completes the job. */
export const askOwnerOutside = (
  deps: ChangeDeps & Deps<"deployment">,
  job: JobContext,
  grantId: Id.GrantId,
  endsAt: DateTime.Utc
) =>
  decideAndCommit(deps, completing(job), ({ actor, at, organizationId }) =>
    Effect.gen(function* () {
      const read = yield* deps.repository.find("grant", organizationId, grantId)
      const requests = yield* requestFor(deps, { grant: read.state, endsAt }, at, actor)
      // Connections of one consent are reminded of at the same time; the slower one finds the request of the other.
      const decided = requests.length === 0 ? [] : [...requests, assertUnchanged("grant", grantId, read)]
      return { decided, result: done }
    })
  )
