/**
 * Follows histories. A follower reads when it is notified that its history grew, and sleeps otherwise. Behind that, one
 * poll for all followers of the process finds what no notification named.
 */
import type { Aggregate, Id } from "@portolan/domain"
import type { StoreUnavailable } from "@portolan/ports"
import { Duration, Effect, Latch, Option, Stream } from "effect"
import { sql } from "kysely"
import type { Store } from "../Store.ts"
import { statement } from "../store/statement.ts"

/** How often the process looks at what is followed while it hears of every commit. */
export const pollEvery = Duration.seconds(15)

/** The same while it does not hear what others commit. */
export const pollUnheardEvery = Duration.seconds(1)

/** Who follows what, and up to where they have read. */
export interface Followers {
  readonly store: Store["Service"]
  readonly places: Map<string, Set<Place>>
  /** Open while there is a follower. */
  readonly isFollowed: Latch.Latch
}

interface Place {
  position: number
}

/** Makes an empty list of followers. */
export const makeFollowers = (store: Store["Service"]): Followers => ({
  store,
  places: new Map(),
  isFollowed: Latch.makeUnsafe()
})

const enter = ({ places, isFollowed }: Followers, organizationId: string, place: Place) => {
  const own = places.get(organizationId) ?? new Set()
  places.set(organizationId, own.add(place))
  isFollowed.openUnsafe()
  return () => {
    own.delete(place)
    if (own.size === 0) places.delete(organizationId)
    if (places.size === 0) isFollowed.closeUnsafe()
  }
}

/** Looks once, with one statement, and tells those whose history grew beyond what they have read. */
export const look = (followers: Followers): Effect.Effect<void, StoreUnavailable.StoreUnavailable> => {
  const { places, store } = followers
  return Effect.map(
    statement(
      store,
      "looking for news of histories",
      sql<{ readonly organization_id: string; readonly position: number }>`
        select * from portolan.history_positions(${sql.val([...places.keys()])}::text[])`
    ),
    (rows) => {
      for (const { organization_id: organizationId, position } of rows) {
        const own = [...(places.get(organizationId) ?? [])]
        if (own.some((place) => place.position < Number(position))) store.database.signals.history(organizationId)
      }
    }
  )
}

/** Looks again and again, as long as somebody follows something. */
export const watch = (followers: Followers): Effect.Effect<never> =>
  followers.isFollowed.await.pipe(
    Effect.andThen(
      Effect.suspend(() => {
        const heard = followers.store.database.signals.hearsAll
        // The long wait is cut into short ones, because what is not heard any more has to be looked for soon.
        return heard
          ? Effect.repeat(Effect.sleep(pollUnheardEvery), {
              times: Duration.toSeconds(pollEvery) - 1,
              while: () => followers.store.database.signals.hearsAll
            })
          : Effect.sleep(pollUnheardEvery)
      })
    ),
    Effect.andThen(Effect.suspend(() => (followers.places.size === 0 ? Effect.void : look(followers)))),
    Effect.catch((error) => Effect.logWarning("histories could not be looked at", error.message)),
    Effect.forever
  )

/** Reads the events after a position, as many as one call gives. */
type Read<E> = (position: number) => Effect.Effect<ReadonlyArray<Aggregate.Recorded>, E>

/** Events after a position as they come. */
export const follow = <E>(followers: Followers, organizationId: Id.OrganizationId, from: number, read: Read<E>) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { signals } = followers.store.database
      const news = Latch.makeUnsafe()
      const place: Place = { position: from }
      // Before the first look, so that nothing falls between looking and waiting.
      yield* Effect.acquireRelease(
        Effect.sync(() => [
          enter(followers, organizationId, place),
          signals.onHistory(organizationId, () => void news.openUnsafe())
        ]),
        (leave) => Effect.sync(() => leave.forEach((one) => one()))
      )
      const next = (position: number): ReturnType<Read<E>> =>
        Effect.suspend(() => {
          place.position = position
          news.closeUnsafe()
          return Effect.flatMap(read(position), (events) =>
            events.length > 0 ? Effect.succeed(events) : Effect.andThen(news.await, next(position))
          )
        })
      return Stream.paginate(from, (position) =>
        Effect.map(next(position), (events) => [events, Option.some(events.at(-1)?.position ?? position)] as const)
      )
    })
  )
