/** The windows of a load, and what they add up to. */
import { type Aggregate, type Id, Window } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import { Effect, HashMap, Option } from "effect"
import { type Memory, read, type Tenant, tenant } from "../Memory.ts"
import { byText } from "../paged.ts"
import { unreadableOf } from "./queries.ts"

type Port = Repository.Repository["Service"]

/** The ids of the windows of a load. */
export const idsOf = (windows: Tenant["windows"], backfillId: Id.BackfillId): ReadonlyArray<string> =>
  Option.getOrElse(HashMap.get(windows, backfillId), () => [])

/** The windows of a load, by class, the youngest first. */
export const windowsOf = (
  { aggregates, windows }: Pick<Tenant, "aggregates" | "windows">,
  backfillId: Id.BackfillId
): ReadonlyArray<Repository.Versioned<Window.Present>> =>
  idsOf(windows, backfillId)
    .flatMap((id) => {
      const kept = Option.getOrUndefined(HashMap.get(aggregates, `window/${id}`))
      return kept === undefined ? [] : [{ state: kept.state as Aggregate.Present<"window">, version: kept.version }]
    })
    .toSorted(
      ({ state: one }, { state: other }) =>
        byText(one.dataClass, other.dataClass) || byText(other.until, one.until) || byText(other.from, one.from)
    )

/** The loads of a connection that have windows. */
const loadsOf = ({ aggregates, windows }: Tenant, connectionId: Id.ConnectionId): ReadonlyArray<Id.BackfillId> =>
  [...HashMap.entries(windows)].flatMap(([backfillId, [first]]) => {
    const kept = Option.getOrUndefined(HashMap.get(aggregates, `window/${first}`))
    return kept !== undefined && (kept.state as Window.Present).connectionId === connectionId ? [backfillId] : []
  })

const readable = Effect.fnUntraced(function* (
  memory: Memory["Service"],
  organizationId: Id.OrganizationId,
  backfillId: Id.BackfillId
) {
  const found = windowsOf(yield* read(memory, (contents) => tenant(contents, organizationId)), backfillId)
  const odd = yield* unreadableOf(memory)
  for (const { state } of found) {
    const unreadable = odd.get(state)
    if (unreadable !== undefined) return yield* unreadable
  }
  return found
})

/** The windows of a load. */
export const windows = (memory: Memory["Service"]): Port["windows"] =>
  Effect.fn("Repository.windows")((organizationId, backfillId, since) =>
    Effect.map(readable(memory, organizationId, backfillId), (all) =>
      since === undefined ? all : all.filter(({ state }) => state.until > since || Window.isOpen(state))
    )
  )

/** What the windows of a load add up to. */
export const tallies = (memory: Memory["Service"]): Port["tallies"] =>
  Effect.fn("Repository.tallies")(function* (organizationId, connectionId) {
    const loads = yield* read(memory, (contents) => loadsOf(tenant(contents, organizationId), connectionId))
    const found = yield* Effect.forEach(loads, (backfillId) => readable(memory, organizationId, backfillId))
    return Window.tallies(found.flat().map(({ state }) => state))
  })
