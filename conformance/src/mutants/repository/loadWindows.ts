/** Repositories that are wrong about the windows of a load: REPO-52. */
import { Window } from "@portolan/domain"
import { Effect } from "effect"
import { mutant, replacing } from "./mutant.ts"

/** Takes what is old for what is over. */
export const forgetsOldOnes = mutant(
  "repo-windows-forgets-open",
  "REPO-52",
  "Leaves windows out that end before the day, although they are not over.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        windows: (organizationId, backfillId, since) =>
          Effect.map(repository.windows(organizationId, backfillId, since), (all) =>
            all.filter(({ state }) => since === undefined || state.until > since)
          )
      }
    }))
  }
)

/** Pays no attention to the day. */
export const readsAll = mutant("repo-windows-reads-all", "REPO-52", "Gives all windows, whatever the day.", {
  wrap: replacing(({ repository }) => ({
    repository: { windows: (organizationId, backfillId) => repository.windows(organizationId, backfillId) }
  }))
})

/** Counts the day itself in. */
export const includesTheDay = mutant(
  "repo-windows-includes-the-day",
  "REPO-52",
  "Gives the windows that end with the day, too.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        windows: (organizationId, backfillId, since) =>
          Effect.map(repository.windows(organizationId, backfillId), (all) =>
            all.filter(({ state }) => since === undefined || state.until >= since || Window.isOpen(state))
          )
      }
    }))
  }
)
