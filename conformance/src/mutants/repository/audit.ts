/** Stores that are wrong about the whole history, or about erasing: REPO-42 and 44. */
import { Effect } from "effect"
import { history, type MemoryBackend } from "../../reference/repository/MemoryBackend.ts"
import * as ModelSink from "../../reference/repository/ModelSink.ts"
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

const erasing = (
  backend: MemoryBackend,
  isErased: (place: string, row: string, target: string) => boolean,
  connectionId: string,
  target: string
) => {
  let count = 0
  for (const [place, rows] of backend.landed) {
    for (const row of rows.keys()) {
      if (!place.includes(connectionId) || !isErased(place, row, target)) continue
      rows.delete(row)
      count += 1
    }
  }
  return count
}

/** Trusts ids to be unique. */
export const erasesForeign = mutant(
  "sink-erases-by-id-alone",
  "REPO-44",
  "Erases the rows of a connection's id in every organization.",
  {
    sink: (backend) => ({
      ...ModelSink.make(backend),
      erase: (_organizationId, connectionId) => backend.access(() => erasing(backend, () => true, connectionId, ""))
    })
  }
)

/** Knows one class of data. */
export const erasesOneClass = mutant(
  "sink-erases-one-class",
  "REPO-44",
  "Erases advertising, and leaves other classes.",
  {
    sink: (backend) => ({
      ...ModelSink.make(backend),
      erase: (organizationId, connectionId) =>
        backend.access(() =>
          erasing(
            backend,
            (place, row, target) => place === target && row.includes("advertising"),
            connectionId,
            ModelSink.place(organizationId, connectionId)
          )
        )
    })
  }
)

/** Marks rows as erased, and counts the marks again. */
export const countsAgain = mutant(
  "sink-counts-the-erased",
  "REPO-44",
  "Says the same number again when there is nothing left.",
  {
    sink: (backend) => {
      const sink = ModelSink.make(backend)
      const erased = new Map<string, number>()
      return {
        ...sink,
        erase: (organizationId, connectionId) =>
          Effect.map(sink.erase(organizationId, connectionId), (rows) => {
            const at = ModelSink.place(organizationId, connectionId)
            erased.set(at, (erased.get(at) ?? 0) + rows)
            return erased.get(at) ?? 0
          })
      }
    }
  }
)
