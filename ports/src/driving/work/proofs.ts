import { type Catalogue, Channel, Connection, Messages, Profile } from "@portolan/domain"
import { Duration, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { reviewIdentity } from "../authorizations/identity/reviewIdentity.ts"
import { loseGrant, recordRights } from "../connections/grantRecords.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import type { TokenDeps } from "../tokens/AccessTokens.ts"
import { accessTo, callWithToken } from "../tokens/callProvider.ts"
import { beginRounds } from "./backfill/plan.ts"
import { done, during, type JobContext, lookAgain, retryAfter, type TaskOf } from "./jobContext.ts"

/** The hours within which a withdrawal is noticed, unless an installation says otherwise. */
const standardHours = 6

/** Spread over the last quarter of the time, so that connections made together are not asked about together. */
const nextProof = Effect.fnUntraced(function* ({ deployment, secrets }: Deps<"deployment" | "secrets">) {
  const share = 0.75 + 0.2 * (yield* secrets.unit)
  return yield* retryAfter(Duration.times(Duration.hours(deployment.proofHours ?? standardHours), share))
})

/** What a connection lacks, judged by the profiles that its login may see; undefined when nothing is missing. */
const missingFrom = (
  { link }: Connection.Linked,
  candidates: ReadonlyArray<Profile.Candidate>,
  catalogue: Catalogue.Catalogue
): string | undefined => {
  const own = candidates.find((candidate) => Profile.sameKey(candidate.key, link.profile.key))
  return own === undefined ? Messages.text("profile.not-visible") : Profile.lacks(own, catalogue)
}

/**
 * Asks the provider now and then whether the bound profile is still there: providers report no withdrawal by
 * themselves. Of a paused connection only the consent is proven, with the token endpoint; no data is asked for.
 */
export const proveConnection = Effect.fn("JobHandlers.proveConnection")(function* (
  deps: ChangeDeps & TokenDeps<"deployment" | "provider">,
  job: JobContext,
  { connectionId, grantId }: TaskOf<"ProveConnection">
) {
  const { organizationId } = job
  const { state: connection } = yield* deps.repository.find("connection", organizationId, connectionId)
  if (!Connection.isLinked(connection) || connection._tag === "ReauthorizationNeeded") return done
  // A later consent has its own proofs.
  if (connection.link.grantId !== grantId) return done
  yield* beginRounds(deps, job, connection)
  // The access of an advertiser is proven by the search for advertisers.
  const catalogue = yield* CurrentCatalogue
  if (Channel.accessBy(connection.channel, catalogue) === "partner") return yield* nextProof(deps)
  const { state: grant } = yield* deps.repository.find("grant", organizationId, grantId)
  const { state: account } = yield* deps.repository.find("account", organizationId, connection.accountId)
  const about = { ...connection.link.profile.key, accountType: account.accountType }
  const record = (missing: string | undefined) => recordRights(deps, during(job), { connectionId, grantId }, missing)
  const ofProfile = Effect.gen(function* () {
    const candidates = yield* callWithToken(deps, grant, (accessToken) =>
      deps.provider.discover(accessTo(about, accessToken, grant))
    )
    yield* record(missingFrom(connection, candidates, catalogue))
    const { accountId } = connection
    if (!(yield* reviewIdentity(deps, during(job), { grant, accountId, connectionId, candidates, access: about }))) {
      return yield* nextProof(deps)
    }
    yield* loseGrant(deps, during(job), { grantId, isOfOthers: true })
    return done
  })
  const ofConsent = Effect.andThen(deps.accessTokens.ofGrant(organizationId, grantId), nextProof(deps))
  return yield* (connection.paused === undefined ? ofProfile : ofConsent).pipe(
    // It is on record already; a connection that lives on another grant by now has a proof of its own.
    Effect.catchTag("GrantRefused", () => Effect.succeed(done)),
    // One refusal blames nobody: a later look has to agree.
    Effect.catchTag("PermissionMissing", ({ isFirst, missing }) =>
      isFirst === true ? lookAgain : Effect.andThen(record(missing), nextProof(deps))
    )
  )
})
