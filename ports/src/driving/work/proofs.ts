import { type Catalogue, Channel, Connection, Job, Messages, Profile } from "@portolan/domain"
import { Duration, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { loseGrant, recordRights } from "../connections/grantRecords.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import type { TokenDeps } from "../tokens/AccessTokens.ts"
import { accessTo, callWithToken } from "../tokens/callProvider.ts"
import { done, during, type JobContext, lookAgain, retryAfter, type TaskOf } from "./jobContext.ts"

const tomorrow = retryAfter(Duration.hours(Job.proofHours))

/** What a connection lacks, judged by the profiles that its login may see; undefined when nothing is missing. */
const missingFrom = (
  { link }: Connection.Linked,
  candidates: ReadonlyArray<Profile.Candidate>,
  catalogue: Catalogue.Catalogue
): string | undefined => {
  const own = candidates.find((candidate) => Profile.sameKey(candidate.key, link.profile.key))
  return own === undefined ? Messages.text("profile.not-visible") : Profile.lacks(own, catalogue)
}

/** Asks the provider daily whether the bound profile is still there: providers report no withdrawal by themselves. */
export const proveConnection = Effect.fn("JobHandlers.proveConnection")(function* (
  deps: ChangeDeps & TokenDeps<"provider">,
  job: JobContext,
  { connectionId, grantId }: TaskOf<"ProveConnection">
) {
  const { organizationId } = job
  const { state: connection } = yield* deps.repository.find("connection", organizationId, connectionId)
  if (!Connection.isLinked(connection) || connection._tag === "ReauthorizationNeeded") return done
  // A later consent has its own daily proof.
  if (connection.link.grantId !== grantId) return done
  // A provider is not asked about what is paused; the access of an advertiser is proven by the search for advertisers.
  const catalogue = yield* CurrentCatalogue
  const isPartner = Channel.accessBy(connection.channel, catalogue) === "partner"
  if (connection.paused !== undefined || isPartner) return yield* tomorrow
  const { state: grant } = yield* deps.repository.find("grant", organizationId, grantId)
  const { state: account } = yield* deps.repository.find("account", organizationId, connection.accountId)
  const about = { ...connection.link.profile.key, accountType: account.accountType }
  const record = (missing: string | undefined) => recordRights(deps, during(job), { connectionId, grantId }, missing)
  return yield* callWithToken(deps, grant, (accessToken) =>
    deps.provider.discover(accessTo(about, accessToken, grant))
  ).pipe(
    Effect.flatMap((candidates) => record(missingFrom(connection, candidates, catalogue))),
    Effect.andThen(tomorrow),
    // The grant that was refused is the one that was asked with; the connection may live on another one by now.
    Effect.catchTag("GrantRefused", () => Effect.as(loseGrant(deps, during(job), grantId), done)),
    // One refusal blames nobody: a later look has to agree.
    Effect.catchTag("PermissionMissing", ({ isFirst, missing }) =>
      isFirst === true ? lookAgain : Effect.andThen(record(missing), tomorrow)
    )
  )
})
