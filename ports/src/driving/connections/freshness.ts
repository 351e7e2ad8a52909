/** How fresh the data of a connection are, by class. */
import {
  type Access,
  type Account,
  type Aggregate,
  type Catalogue,
  Connection,
  DataClass,
  Day,
  Freshness,
  type Id,
  Marketplace,
  Sync,
  type Window
} from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { sideBySide } from "../shared/sideBySide.ts"

/** Days that the strip of a class shows. */
export const stripDays = 90

/** What is known of a connection's data at an instant. */
interface Known {
  readonly connection: Connection.Present
  readonly account?: Account.Present | undefined
  readonly backfill?: Aggregate.Present<"backfill"> | undefined
  readonly tallies: ReadonlyArray<Window.ClassTally>
  readonly now: DateTime.Utc
}

const sourcesOf = ({ account, connection }: Known, catalogue: Catalogue.Catalogue) => {
  const type = connection.accountType ?? account?.accountType
  return type === undefined ? [] : DataClass.sources(connection.channel, type, catalogue)
}

const zoneOf = ({ link }: Connection.Linked, catalogue: Catalogue.Catalogue): string =>
  Marketplace.get(link.profile.key.marketplaceId, catalogue).timeZone

/** How each class stands; none for a connection that is not linked, or whose load is not planned yet. */
export const freshnessOf = (known: Known, catalogue: Catalogue.Catalogue): ReadonlyArray<Freshness.ClassFreshness> => {
  const { backfill, connection, now, tallies } = known
  if (!Connection.isLinked(connection) || backfill === undefined) return []
  const sources = sourcesOf(known, catalogue)
  return Freshness.of({ connection, load: backfill, tallies, sources, timeZone: zoneOf(connection, catalogue) }, now)
}

/** A class with what became of its days. */
export interface ClassDays extends Freshness.ClassFreshness {
  /** The oldest first. */
  readonly days: ReadonlyArray<Freshness.DayRange>
}

/** How fresh the data of a connection are. */
export interface FreshnessView {
  readonly at: DateTime.Utc
  /** The days that are shown, `until` excluded, in the marketplace's time zone. */
  readonly from: Day.Day
  readonly until: Day.Day
  readonly classes: ReadonlyArray<ClassDays>
}

/** Reads how each class of a connection stands, with what became of its last days. */
export const freshness = Effect.fn("Connections.freshness")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  id: Id.ConnectionId
) {
  const { organizationId } = caller
  const { repository } = deps
  const catalogue = yield* CurrentCatalogue
  const load = repository.backfillOf(organizationId, id)
  const [{ state: connection }, { state: backfill }, tallies] = yield* sideBySide(
    AccessScope.connection(deps, caller, "read", id),
    load,
    repository.tallies(organizationId, id)
  )
  const at = yield* DateTime.now
  const until = Day.at(at, Connection.isLinked(connection) ? zoneOf(connection, catalogue) : "UTC")
  const from = Day.plus(until, -stripDays)
  const [{ state: account }, windows] = yield* sideBySide(
    repository.find("account", organizationId, connection.accountId),
    repository.windows(organizationId, backfill.id, from)
  )
  const known = { connection, account, backfill, tallies, now: at }
  const sources = sourcesOf(known, catalogue)
  const classes = freshnessOf(known, catalogue).map((one): ClassDays => {
    const own = windows.flatMap(({ state }) => (state.dataClass === one.dataClass ? [state] : []))
    const isSnapshot = sources.some((source) => source.dataClass === one.dataClass && Sync.isSnapshot(source))
    return { ...one, days: Freshness.days(own, { from, until }, isSnapshot) }
  })
  return { at, from, until, classes } satisfies FreshnessView
})
