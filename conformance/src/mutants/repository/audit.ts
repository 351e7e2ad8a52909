/** Repositories that are wrong about the whole history: REPO-42. */
import { Effect } from "effect"
import { history } from "../../reference/repository/MemoryBackend.ts"
import { mutant, replacing } from "./mutant.ts"

/** Narrows the page instead of the list. */
export const filtersAfterCutting = mutant(
  "log-filters-after-cutting",
  "REPO-42",
  "Cuts a page, then takes out of it what does not match.",
  {
    wrap: replacing(({ log }) => ({
      log: {
        all: (organizationId, { actor, kinds }, page) =>
          Effect.map(log.all(organizationId, {}, page), (found) => ({
            ...found,
            items: found.items.filter(
              (each) =>
                (kinds === undefined || kinds.includes(each.aggregate.kind)) &&
                (actor === undefined || each.actor._tag === actor)
            )
          }))
      }
    }))
  }
)

/** Reads as it was written. */
export const oldestFirst = mutant(
  "log-oldest-first",
  "REPO-42",
  "Gives each page of the history with the oldest first.",
  {
    wrap: replacing(({ log }) => ({
      log: {
        all: (organizationId, filter, page) =>
          Effect.map(log.all(organizationId, filter, page), (found) => ({ ...found, items: found.items.toReversed() }))
      }
    }))
  }
)

/** Looks for the tag anywhere in the actor. */
export const actorByText = mutant(
  "log-actor-by-text",
  "REPO-42",
  "Finds an actor by its tag anywhere in its text, its name included.",
  {
    wrap: replacing(({ log }, { backend }) => ({
      log: {
        all: (organizationId, filter, page) => {
          const { actor, kinds } = filter
          return actor === undefined || page.cursor !== undefined
            ? log.all(organizationId, filter, page)
            : Effect.map(log.all(organizationId, filter, page), (found) => ({
                ...found,
                items: history(backend, organizationId)
                  .toReversed()
                  .filter(
                    (each) =>
                      (kinds === undefined || kinds.includes(each.aggregate.kind)) &&
                      JSON.stringify(each.actor).replaceAll("\\", "").includes(`"_tag":"${actor}"`)
                  )
                  .slice(0, page.limit)
              }))
        }
      }
    }))
  }
)
