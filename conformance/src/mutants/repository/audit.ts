/** Repositories that are wrong about the whole history: REPO-42. */
import type { Aggregate } from "@portolan/domain"
import { Cursor } from "@portolan/ports"
import { Effect } from "effect"
import { among, paged, type Cut } from "../../reference/repository/listing.ts"
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
    wrap: replacing(({ log }, model) => ({
      log: {
        all: (organizationId, filter, page) => {
          const { actor, kinds } = filter
          if (actor === undefined) return log.all(organizationId, filter, page)
          const isListed = ({ actor: who, aggregate }: Aggregate.Recorded) =>
            among(kinds, aggregate.kind) && JSON.stringify(who).replaceAll("\\", "").includes(`"_tag":"${actor}"`)
          const cut: Cut<Aggregate.Recorded> = {
            name: [organizationId, "all", Cursor.spelled(filter)],
            items: () => history(model.backend, organizationId).filter(isListed),
            sortKey: ({ id, position }) => [position, id],
            descending: true
          }
          return paged(model, cut, page)
        }
      }
    }))
  }
)
