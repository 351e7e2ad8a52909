/** Repositories that are wrong about lookups across organizations: REPO-41. */
import { Repository } from "@portolan/ports"
import { Effect } from "effect"
import { all, since } from "../../reference/repository/listing.ts"
import { mutant, replacing } from "./mutant.ts"

/** Knows people by their mail. */
export const byAddress = mutant(
  "repo-memberships-by-address",
  "REPO-41",
  "Finds the memberships of everybody who shares the person's address.",
  {
    wrap: replacing(({ repository }, model) => ({
      repository: {
        memberships: (personId) =>
          Effect.map(repository.memberships(personId), ([own]) =>
            own === undefined
              ? []
              : all(model, "member")
                  .flatMap(({ state }) => (state._tag === "Active" && state.email === own.email ? [state] : []))
                  .toSorted((one, other) =>
                    model.faultPoints.compare(since(one.joinedAt, one.id), since(other.joinedAt, other.id))
                  )
          )
      }
    }))
  }
)

/** Stops at the first. */
export const firstMembership = mutant("repo-first-membership", "REPO-41", "Finds one organization of each person.", {
  wrap: replacing(({ repository }) => ({
    repository: {
      memberships: (personId) => Effect.map(repository.memberships(personId), (found) => found.slice(0, 1))
    }
  }))
})

/** Looks keys up by how they begin. */
export const keyByBeginning = mutant(
  "repo-key-by-beginning",
  "REPO-41",
  "Finds an API key by the beginning of its digest.",
  {
    wrap: replacing(({ repository }, model) => ({
      repository: {
        apiKeyByDigest: (digest) =>
          Effect.flatMap(
            Effect.sync(() => all(model, "apiKey").find(({ state }) => state.digest.startsWith(digest))),
            (found) => (found === undefined ? repository.apiKeyByDigest(digest) : Effect.succeed(found))
          )
      }
    }))
  }
)

/** Says too much about what it does not find. */
export const tellsToken = mutant(
  "repo-tells-the-token",
  "REPO-41",
  "Repeats the digest of an unknown token in the error.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        memberByToken: (digest) =>
          Effect.mapError(repository.memberByToken(digest), (error) =>
            error._tag === "NotFound" ? new Repository.NotFound({ kind: "member", id: digest }) : error
          )
      }
    }))
  }
)
