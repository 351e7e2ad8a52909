/** Repositories that are wrong about the lists of the installation: REPO-43. */
import { Id, Text } from "@portolan/domain"
import { Effect } from "effect"
import { all } from "../../reference/repository/listing.ts"
import { holdsInCase, mutant, replacing } from "./mutant.ts"

/** Lists without saying where. */
export const everybodysDirectory = mutant(
  "repo-directory-of-all",
  "REPO-43",
  "Lists the advertisers of every organization at the end of the installation's own.",
  {
    wrap: replacing(({ repository }, model) => ({
      repository: {
        advertisers: (filter, page) =>
          Effect.map(repository.advertisers(filter, page), (found) =>
            found.next !== undefined || page.cursor !== undefined
              ? found
              : {
                  items: [
                    ...found.items,
                    ...all(model, "advertiser").flatMap(({ state }) =>
                      state.organizationId === Id.installation ? [] : [state]
                    )
                  ]
                }
          )
      }
    }))
  }
)

/** Tests a flag for being set instead of being given. */
export const unassignedIsAny = mutant(
  "repo-unassigned-is-any",
  "REPO-43",
  "Shows assigned advertisers among the unassigned.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        advertisers: ({ assigned, ...filter }, page) =>
          repository.advertisers(assigned === true ? { ...filter, assigned } : filter, page)
      }
    }))
  }
)

/** Forgets what is settled. */
export const waitingOnly = mutant(
  "repo-awaited-waiting-only",
  "REPO-43",
  "Lists what is still waited for, also when asked for what is settled.",
  {
    wrap: replacing(({ repository }) => ({
      repository: { awaited: (_filter, page) => repository.awaited({ states: ["Waiting"] }, page) }
    }))
  }
)

/** Shows what is going on, and forgets the rest. */
export const openIncidentsOnly = mutant(
  "repo-incidents-open-only",
  "REPO-43",
  "Lists the incidents that are open, and none that are over.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        incidents: () => Effect.map(repository.incidents(), (found) => found.filter(({ _tag }) => _tag === "Open"))
      }
    }))
  }
)

/** Counts rows. */
export const countsLinks = mutant(
  "repo-linked-counts-profiles",
  "REPO-43",
  "Counts every profile that is linked, so that an account with two of them counts twice.",
  {
    wrap: replacing(({ repository }, model) => ({
      repository: {
        linked: (channel, region) =>
          Effect.map(repository.linked(channel, region), (found) => ({
            ...found,
            accounts: [...model.backend.claims.values()].filter(({ key }) => key.channel === channel).length
          }))
      }
    }))
  }
)

/** Searches with a pattern that is open at one end only. */
export const searchesBeginnings = mutant(
  "repo-organizations-by-beginning",
  "REPO-43",
  "Finds organizations whose names begin with the search, not those that hold it further on.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        organizations: (search, page) =>
          Effect.map(repository.organizations(search, page), (found) => ({
            ...found,
            items: found.items.filter(
              ({ name }) => search === undefined || Text.folded(name).startsWith(Text.folded(search))
            )
          }))
      }
    }))
  }
)

/** Compares what was typed with what was stored. */
export const searchesLetterCase = mutant(
  "repo-organizations-by-letter-case",
  "REPO-43",
  "Finds organizations only by names that hold the search in the same letter case.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        organizations: (search, page) =>
          Effect.map(repository.organizations(search, page), (found) => ({
            ...found,
            items: found.items.filter(({ name }) => holdsInCase(name, search))
          }))
      }
    }))
  }
)
