/** Stores that are wrong about pages, cursors and the walls between organizations: REPO-15 to 19. */
import { Text } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { Effect } from "effect"
import { all } from "../../reference/store/ModelStore.ts"
import { contentOf, seams, type Place } from "../../reference/store/seams.ts"
import { mutant, replacing } from "./mutant.ts"

const byValue = (one: Place, other: Place) => seams.compare([one[0], ""], [other[0], ""])

/** Goes on after the value of the last item. */
export const noTiebreak = mutant("page-no-tiebreak", "REPO-15", "Orders by the value alone.", {
  seams: { compare: byValue }
})

/** Searches letter by letter. */
export const searchExact = mutant(
  "repo-search-exact",
  "REPO-15",
  "Searches for names with the same letter case only.",
  {
    wrap: replacing(({ store }, parts) => ({
      store: {
        companies: (organizationId, filter, page) =>
          filter.search === undefined
            ? store.companies(organizationId, filter, page)
            : Effect.sync(() => ({
                items: all(parts, "company", organizationId)
                  .map(({ state }) => state)
                  .filter(({ name }) => name.includes(filter.search ?? ""))
              }))
      }
    }))
  }
)

/** Counts rows instead of remembering where it was. */
export const offset = mutant(
  "page-offset",
  "REPO-16",
  "Continues after as many items as it has given.",
  {
    seams: {
      seal: (list, _after, index) => seams.seal(list, [index, "offset"], index),
      resume: (list, cursor, sorted, compare) =>
        seams.resume(list, cursor, [], compare) === undefined
          ? undefined
          : sorted.slice(Number(contentOf(cursor)?.after[0] ?? 0))
    }
  },
  24
)

/** Trusts what it gets back. */
export const plainCursor = mutant("page-plain-cursor", "REPO-17", "Goes to whatever position a cursor names.", {
  seams: {
    resume: (_list, cursor, sorted, compare) => {
      const after = contentOf(cursor)?.after
      return after === undefined ? undefined : sorted.filter(({ at }) => compare(at, after) > 0)
    }
  }
})

/** Signs the position, but not the list. */
export const cursorOfAnyList = mutant(
  "page-cursor-of-any-list",
  "REPO-17",
  "Checks the seal of a cursor, and not which list and organization it was made for.",
  {
    seams: {
      seal: (_list, after, index) => seams.seal("any", after, index),
      resume: (_list, cursor, sorted, compare) => seams.resume("any", cursor, sorted, compare)
    }
  }
)

/** Promises a page that is not there. */
export const phantomLast = mutant("page-phantom-last", "REPO-18", "Offers another page whenever the page is full.", {
  seams: { hasNext: (given, _left, size) => given === size }
})

/** Gives as much as is asked for. */
export const unbounded = mutant("page-unbounded", "REPO-18", "Gives pages of any size.", {
  seams: { size: (asked) => Math.max(0, asked) }
})

/** Counts everybody's. */
export const countLeak = mutant(
  "repo-count-leak",
  "REPO-19",
  "Decides whether there is another page by the rows of all organizations.",
  {
    wrap: replacing(({ store }, parts) => ({
      store: {
        accounts: (organizationId, filter, page) =>
          Effect.map(store.accounts(organizationId, filter, page), (found) =>
            all(parts, "account").length > page.limit && found.next === undefined
              ? { ...found, next: "another page" }
              : found
          )
      }
    }))
  }
)

/** Finds by id, whosever it is. */
export const findsForeign = mutant(
  "repo-find-without-tenant",
  "REPO-19",
  "Finds backfills by their connection, in all organizations.",
  {
    wrap: replacing(({ store }, parts) => ({
      store: {
        backfillOf: (organizationId, connectionId) =>
          Effect.flatMap(
            Effect.sync(() => all(parts, "backfill").find(({ state }) => state.connectionId === connectionId)),
            (found) => (found === undefined ? store.backfillOf(organizationId, connectionId) : Effect.succeed(found))
          )
      }
    }))
  }
)

/** Explains too well. */
export const tellsForeign = mutant(
  "repo-foreign-is-forbidden",
  "REPO-19",
  "Tells an aggregate of another organization from one that never existed.",
  {
    wrap: replacing(({ store }, parts) => ({
      store: {
        find: (kind, organizationId, id) =>
          Effect.mapError(store.find(kind, organizationId, id), (error) =>
            all(parts, kind).some(({ state }) => state.id === id)
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
    wrap: replacing(({ unitOfWork }, { ledger }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.suspend(() => {
            const task = change.completes === undefined ? undefined : ledger.tasks.get(change.completes)
            if (task === undefined || task.job.organizationId === change.organizationId)
              return unitOfWork.commit(change)
            ledger.tasks.set(task.job.id, { ...task, waits: false })
            const { completes: _completes, ...rest } = change
            return unitOfWork.commit(rest)
          })
      }
    }))
  }
)

/** Folds names nowhere but in the search, so that the list is sorted otherwise. */
export const sortsUnfolded = mutant(
  "page-sorts-unfolded",
  "REPO-15",
  "Sorts companies by their names letter by letter.",
  {
    wrap: replacing(({ store }, parts) => ({
      store: {
        companies: (organizationId, filter, page) =>
          filter.search !== undefined || page.cursor !== undefined
            ? store.companies(organizationId, filter, page)
            : Effect.map(store.companies(organizationId, filter, page), (found) => ({
                ...found,
                items: all(parts, "company", organizationId)
                  .map(({ state }) => state)
                  .toSorted(
                    (one, other) =>
                      Buffer.from(one.name).compare(Buffer.from(other.name)) ||
                      Text.folded(one.name).localeCompare(Text.folded(other.name))
                  )
                  .slice(0, found.items.length)
              }))
      }
    }))
  }
)
