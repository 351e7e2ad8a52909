/** Repositories that show things of other organizations: REPO-19. */
import { Repository } from "@portolan/ports"
import { Effect } from "effect"
import { all } from "../../reference/repository/listing.ts"
import { mutant, replacing } from "./mutant.ts"

/** Counts everybody's. */
export const countLeak = mutant(
  "repo-count-leak",
  "REPO-19",
  "Decides whether there is another page by the rows of all organizations.",
  {
    wrap: replacing(({ repository }, model) => ({
      repository: {
        accounts: (organizationId, filter, page) =>
          Effect.map(repository.accounts(organizationId, filter, page), (found) =>
            all(model, "account").length > page.limit && found.next === undefined
              ? { ...found, next: "another page" }
              : found
          )
      }
    }))
  }
)

/** Finds by id, whosever it is. */
export const findsForeign = mutant(
  "repo-backfill-without-tenant",
  "REPO-19",
  "Finds backfills by their connection, in all organizations.",
  {
    wrap: replacing(({ repository }, model) => ({
      repository: {
        backfillOf: (organizationId, connectionId) =>
          Effect.flatMap(
            Effect.sync(() => all(model, "backfill").find(({ state }) => state.connectionId === connectionId)),
            (found) =>
              found === undefined ? repository.backfillOf(organizationId, connectionId) : Effect.succeed(found)
          )
      }
    }))
  }
)

/** Explains too well. */
export const tellsForeign = mutant(
  "repo-foreign-told-apart",
  "REPO-19",
  "Names an aggregate of another organization in other words than one that never existed.",
  {
    wrap: replacing(({ repository }, model) => ({
      repository: {
        find: (kind, organizationId, id) =>
          Effect.mapError(repository.find(kind, organizationId, id), (error) =>
            all(model, kind).some(({ state }) => state.id === id)
              ? new Repository.NotFound({ kind, id: `${id} in this organization` })
              : error
          )
      }
    }))
  }
)

/** Ends work by its id. */
export const completesForeign = mutant(
  "repo-completes-foreign-work",
  "REPO-19",
  "Ends work by its id, whosever it is.",
  {
    wrap: replacing(({ unitOfWork }, { backend }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.suspend(() => {
            const task = change.completes === undefined ? undefined : backend.tasks.get(change.completes)
            if (task === undefined || task.job.organizationId === change.organizationId)
              return unitOfWork.commit(change)
            backend.tasks.set(task.job.id, { ...task, waits: false })
            const { completes: _completes, ...rest } = change
            return unitOfWork.commit(rest)
          })
      }
    }))
  }
)
