/** Repositories that are wrong about who holds a profile: REPO-06 to 09, 29. */
import { Profile } from "@portolan/domain"
import { UnitOfWork } from "@portolan/ports"
import { Effect } from "effect"
import { faultPoints } from "../../reference/repository/faultPoints.ts"
import { mutant, replacing } from "./mutant.ts"

/** Looks for the profile at home only. */
export const uniquePerTenant = mutant(
  "repo-unique-per-tenant",
  "REPO-06",
  "Makes profiles unique within an organization, not across all of them.",
  { faultPoints: { claimPlace: (key, organizationId) => `${organizationId}/${Profile.keyText(key)}` } }
)

/** Looks, and then binds. */
export const looksThenBinds = mutant(
  "repo-claim-check-then-bind",
  "REPO-06",
  "Looks whether the profile is free in one step and binds it in the next.",
  {
    wrap: replacing(({ unitOfWork }, { backend }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            const places = change.claims.map(({ key }) => Profile.keyText(key))
            const free = change.claims.every(
              ({ _tag }, index) => _tag === "Hold" && !backend.claims.has(places[index] ?? "")
            )
            if (!free || change.claims.length === 0) return yield* unitOfWork.commit(change)
            yield* Effect.yieldNow
            for (const place of places) backend.claims.delete(place)
            return yield* unitOfWork.commit(change)
          })
      }
    }))
  }
)

/** Passes the database's own words on. */
export const leakyConflict = mutant(
  "repo-leaky-conflict",
  "REPO-07",
  "Names the holder to every caller, as the constraint's own message does.",
  {
    faultPoints: {
      taken: (_change, key, { accountId, connectionId }) =>
        new UnitOfWork.ProfileTaken({ profile: key.externalId, holder: { accountId, connectionId } })
    }
  }
)

/** Never frees for good. */
export const tombstoneBlocks = mutant(
  "repo-tombstone-blocks",
  "REPO-08",
  "Keeps freed profiles as deleted rows, which still count as taken.",
  {
    wrap: replacing(({ unitOfWork }, { backend }) => {
      const freed = tombstonesOf(backend)
      return {
        unitOfWork: {
          commit: (change) =>
            Effect.suspend(() => {
              const dead = change.claims.find(({ _tag, key }) => _tag === "Hold" && freed.has(Profile.keyText(key)))
              if (dead !== undefined) {
                return Effect.fail(new UnitOfWork.ProfileTaken({ profile: dead.key.externalId }))
              }
              return Effect.tap(unitOfWork.commit(change), () =>
                Effect.sync(() => {
                  for (const { _tag, key } of change.claims) {
                    if (_tag === "Release" && !backend.claims.has(Profile.keyText(key))) freed.add(Profile.keyText(key))
                  }
                })
              )
            })
        }
      }
    })
  }
)

/** The deleted rows of one storage: all its clients see the same. */
const tombstones = new WeakMap<object, Set<string>>()
const tombstonesOf = (backend: object): Set<string> => {
  const found = tombstones.get(backend) ?? new Set<string>()
  tombstones.set(backend, found)
  return found
}

/** Lets anyone of the organization free it. */
export const freesForAnyone = mutant(
  "repo-anyone-frees",
  "REPO-08",
  "Frees a profile for every connection of the organization, not just for the one that holds it.",
  { faultPoints: { frees: (change, _claim, holder) => holder.organizationId === change.organizationId } }
)

/** Stores digits as a number. */
export const numberId = mutant(
  "repo-number-id",
  "REPO-09",
  "Keeps the identifiers of bound profiles as numbers if they read as such.",
  {
    faultPoints: {
      claimPlace: (key) => {
        const { externalId } = key
        const number = Number(externalId)
        return `${key.channel}/${key.region}/${key.marketplaceId}/${Number.isNaN(number) ? externalId : number}`
      }
    }
  }
)

/** Stores letters in one case. */
export const caseFoldingId = mutant(
  "repo-case-folding-id",
  "REPO-09",
  "Compares the identifiers of bound profiles without letter case.",
  { faultPoints: { claimPlace: (key) => Profile.keyText(key).toLowerCase() } }
)

/** Says the same to everybody. */
export const muteConflict = mutant("repo-mute-conflict", "REPO-29", "Gives everybody the same bare refusal.", {
  faultPoints: { taken: (_change, key) => new UnitOfWork.ProfileTaken({ profile: key.externalId }) }
})

/** Names the one who asks. */
export const namesAsker = mutant(
  "repo-names-the-asker",
  "REPO-29",
  "Names the connection that asks instead of the one that holds the profile.",
  {
    faultPoints: {
      taken: (change, key, holder) => {
        const claimed = change.claims.find((claim) => claim.key === key)
        const text = faultPoints.taken(change, key, holder)
        return text.holder === undefined || claimed === undefined || claimed._tag === "Release"
          ? text
          : new UnitOfWork.ProfileTaken({
              profile: key.externalId,
              holder: { accountId: claimed.accountId, connectionId: claimed.connectionId }
            })
      }
    }
  }
)

/** Lets a claim count like a proof. */
export const believesClaims = mutant(
  "repo-believes-claims",
  "REPO-46",
  "Lets a hold that is only claimed keep other organizations out.",
  { faultPoints: { isClaimed: () => false } }
)

/** Never lets a proof count. */
export const ignoresProofs = mutant(
  "repo-ignores-proofs",
  "REPO-46",
  "Leaves a hold a claim although it was proven since.",
  { faultPoints: { isClaimed: (claim, before) => claim.claimed === true || before?.claimed === true } }
)

/** Tells claimants who is a customer. */
export const answersClaims = mutant(
  "repo-answers-claims",
  "REPO-46",
  "Refuses a claim when another organization has proven the profile to be its own.",
  { faultPoints: { answersClaims: true } }
)
