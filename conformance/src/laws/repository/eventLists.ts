/** The lists of events. */
import { Effect } from "effect"
import * as fixtures from "./fixtures/index.ts"
import type { Aggregate } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import { isEven, type Item, type List, type Shown } from "./List.ts"

const lastWritten = (items: ReadonlyArray<Item>) => items.map(({ id }) => id).toReversed()

const aggregatesOf = ({ items, next, total }: Repository.Page<Aggregate.Recorded>): Shown => ({
  items: items.map(({ aggregate }) => aggregate.id),
  next,
  total
})

/** The list of the events of some aggregates, youngest first. */
export const history: List = {
  // One event an item: the history is sorted by position, which follows from the order of the writes.
  item: (organizationId, n) =>
    fixtures.write("company", fixtures.company(organizationId, n, "Acme"), 0, [
      { _tag: "CompanyRenamed", name: "Acme" }
    ]),
  page: ({ log }, organizationId, page, filtered) =>
    Effect.map(
      log.of(
        organizationId,
        Array.from({ length: 130 }, (_, n) => n)
          .filter((n) => !filtered || isEven(n))
          .map((n) => fixtures.idOf("company", organizationId, n)),
        page
      ),
      aggregatesOf
    ),
  hasFilter: true,
  matchesFilter: isEven,
  sorted: lastWritten
}

/** The list of all events, youngest first. */
export const all: List = {
  item: (organizationId, n) =>
    isEven(n)
      ? fixtures.write("company", fixtures.company(organizationId, n, "Acme"), 0, [
          { _tag: "CompanyRenamed", name: "Acme" }
        ])
      : fixtures.write("account", fixtures.account(organizationId, n, 0), 0, [
          { _tag: "AccountRenamed", name: "Acme" }
        ]),
  page: ({ log }, organizationId, page, filtered) =>
    Effect.map(
      log.all(organizationId, filtered ? { kinds: ["company", "grant"], actor: "System" } : {}, page),
      aggregatesOf
    ),
  hasFilter: true,
  matchesFilter: isEven,
  sorted: lastWritten
}
