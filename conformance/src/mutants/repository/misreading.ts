/** Repositories that give too much, too little or the wrong thing, also in an outage: REPO-40, 49, 50, 51. */
import { Repository } from "@portolan/ports"
import { Effect, Stream } from "effect"
import type { Services } from "../../laws/repository/RepositoryInstance.ts"
import { mutant, replacing } from "./mutant.ts"

type Backfill = Services["repository"]["backfillOf"]

const firstOf = (at: 0 | -1, id: string, defect: string) =>
  mutant(id, "REPO-49", defect, {
    wrap: replacing((_services, { backend }) => ({
      repository: {
        backfillOf: ((organizationId, connectionId) =>
          Effect.suspend(() => {
            const own = [...backend.rows.values()].filter(
              ({ kind, organizationId: of, state }) =>
                kind === "backfill" &&
                of === organizationId &&
                "connectionId" in state &&
                state.connectionId === connectionId
            )
            const sorted = at === 0 ? own.toSorted((one, other) => (one.id < other.id ? -1 : 1)) : own
            const found = sorted.at(at)
            // What is kept under a kind was written as that kind.
            return found === undefined
              ? Effect.fail(new Repository.NotFound({ kind: "backfill", id: `of ${connectionId}` }))
              : Effect.succeed({ state: found.state, version: found.version } as Effect.Success<ReturnType<Backfill>>)
          })) satisfies Backfill
      }
    }))
  })

/** Gives the load that began first. */
export const oldestBackfill = firstOf(0, "repo-oldest-backfill", "Gives the load that began first.")

/** Gives the load that was written last. */
export const lastWrittenBackfill = firstOf(-1, "repo-last-written-backfill", "Gives the load whose row was added last.")

const noFilter = (id: string, defect: string, methods: (services: Services) => Partial<Services["repository"]>) =>
  mutant(id, "REPO-40", defect, { longest: 1, wrap: replacing((services) => ({ repository: methods(services) })) })

const without = <F extends object>(filter: F, key: keyof F): F => {
  const value = filter[key]
  if (!Array.isArray(value) || value.length > 0) return filter
  const { [key]: _left, ...rest } = filter
  return rest as F
}

/** Takes no company for all companies. */
export const anyCompany = noFilter(
  "repo-no-company-is-any",
  "Lists all companies when asked for none.",
  (services) => ({
    companies: (of, filter, page) => services.repository.companies(of, without(filter, "companyIds"), page)
  })
)

/** Takes no state for any state. */
export const anyState = noFilter(
  "repo-no-state-is-any",
  "Lists members of any state when asked for none.",
  (services) => ({ members: (of, filter, page) => services.repository.members(of, without(filter, "states"), page) })
)

/** Takes no account of a company for all. */
export const anyAccount = noFilter(
  "repo-no-account-is-any",
  "Lists all accounts of a company when asked for none of them.",
  (services) => ({
    accounts: (of, filter, page) =>
      services.repository.accounts(of, filter.companyId === undefined ? filter : without(filter, "accountIds"), page)
  })
)

/** Takes no kind for any kind. */
export const anyKind = mutant("log-no-kind-is-any", "REPO-40", "Gives the whole history when asked for no kind.", {
  longest: 1,
  wrap: replacing(({ log }) => ({ log: { all: (of, filter, page) => log.all(of, without(filter, "kinds"), page) } }))
})

/** Skips at the ends of slices. */
const skipping = (id: string, defect: string, methods: (log: Services["log"]) => Partial<Services["log"]>) =>
  mutant(id, "REPO-50", defect, { wrap: replacing(({ log }) => ({ log: methods(log) })) })

/** Leaves out the last of a full slice. */
export const skipsTheLast = skipping(
  "log-skips-last-of-slice",
  "Leaves the last event of the largest slice out.",
  (log) => ({
    after: (of, position, limit) =>
      Effect.map(log.after(of, position, limit), (events) => (events.length === 500 ? events.slice(0, -1) : events))
  })
)

/** Gives one more than was asked for. */
export const oneMore = skipping("log-one-more", "Gives one event more than was asked for.", (log) => ({
  after: (of, position, limit) => log.after(of, position, Math.min(500, limit + 1))
}))

/** Begins at the position instead of after it. */
export const fromPosition = skipping("log-follows-from", "Begins to follow with the event at the position.", (log) => ({
  follow: (of, position) => log.follow(of, Math.max(0, position - 1))
}))

/** Looks once, then gives only what comes after it looked again. */
export const losesBetween = skipping(
  "log-loses-between-looks",
  "Gives a follower the first slice, and after it what is committed from then on.",
  (log) => ({
    follow: (of, position) =>
      Stream.unwrap(
        Effect.gen(function* () {
          const first = yield* log.after(of, position, 500)
          for (let turn = 0; turn < 6; turn++) yield* Effect.yieldNow
          const now = yield* log.after(of, first.at(-1)?.position ?? position, 500)
          const last = now.at(-1)?.position ?? first.at(-1)?.position ?? position
          return Stream.concat(Stream.fromIterable(first), log.follow(of, last))
        })
      )
  })
)

/** Hears nothing. */
const deaf = (id: string, defect: string, replaced: Parameters<typeof replacing>[0]) =>
  mutant(id, "REPO-51", defect, { longest: 1, wrap: replacing(replaced) })

/** Shows an empty list. */
export const deafList = deaf(
  "repo-outage-is-empty",
  "Shows an empty list of accounts when the store is away.",
  (services) => ({
    repository: {
      accounts: (of, filter, page) =>
        Effect.catchTag(services.repository.accounts(of, filter, page), "StoreUnavailable", () =>
          Effect.succeed({ items: [] })
        )
    }
  })
)

/** Finds nothing. */
export const deafLookup = deaf("repo-outage-is-not-found", "Finds no API key when the store is away.", (services) => ({
  repository: {
    apiKeyByDigest: (digest) =>
      Effect.catchTag(services.repository.apiKeyByDigest(digest), "StoreUnavailable", () =>
        Effect.fail(new Repository.NotFound({ kind: "apiKey", id: "with this digest" }))
      )
  }
}))

/** Reads no history. */
export const deafLog = deaf("log-outage-is-empty", "Reads no further event when the store is away.", ({ log }) => ({
  log: {
    after: (of, position, limit) =>
      Effect.catchTag(log.after(of, position, limit), "StoreUnavailable", () => Effect.succeed([]))
  }
}))

/** Says that it was done. */
export const deafCommit = deaf("repo-outage-is-done", "Acknowledges a change when the store is away.", (services) => ({
  unitOfWork: {
    commit: (change) =>
      Effect.catchTag(services.unitOfWork.commit(change), "StoreUnavailable", () =>
        Effect.succeed({ versions: new Map(change.writes.map(({ id, expected }) => [id, expected + 1])), position: 0 })
      )
  }
}))

/** Says that the work was done. */
export const deafLookupOfKeys = deaf(
  "repo-outage-forgets-keys",
  "Knows no key when the store is away.",
  (services) => ({
    unitOfWork: {
      idempotentResource: (...given) =>
        Effect.catchTag(services.unitOfWork.idempotentResource(...given), "StoreUnavailable", () =>
          Effect.succeed(undefined)
        )
    }
  })
)
