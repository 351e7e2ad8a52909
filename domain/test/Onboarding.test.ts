/** The way of a new account (flow F2; rules P-R7 to P-R13). */
import { describe, expect, it } from "@effect/vitest"
import { Account, Backfill, Connection, Onboarding } from "@portolan/domain"
import { Arbitrary, DateTime, Schema } from "effect"
import { hour, nearby } from "./support/values.ts"

const accounts = Arbitrary.map(Arbitrary.schema(Schema.Union([Account.Open, Account.Removed])), nearby)
const connections = Arbitrary.map(Arbitrary.array(Arbitrary.schema(Connection.State), { maxLength: 4 }), nearby)
const present = <S extends { readonly _tag: string }>(states: ReadonlyArray<S>) =>
  states.filter((state): state is Exclude<S, { readonly _tag: "Absent" }> => state._tag !== "Absent")
const loads = Arbitrary.map(Arbitrary.array(Arbitrary.schema(Backfill.State), { maxLength: 2 }), (drawn) =>
  present(nearby(drawn)).map((state) => ({ state, tallies: [] }))
)
/** Connections of the account's own country, one a channel. */
const own = (account: Account.Present, states: ReadonlyArray<Connection.State>) => {
  const moved = present(states).map((one) => ({ ...one, marketplaceId: account.marketplaces[0] }))
  return moved.filter((one, index) => moved.findIndex(({ channel }) => channel === one.channel) === index)
}

describe("the way of an account", () => {
  it.prop(
    "is read out of any account, and the current step is the first that is neither done nor optional",
    [accounts, connections, loads],
    ([account, states, all]) => {
      const way = Onboarding.of(account, own(account, states), all, { now: hour(1) })
      expect(way.steps[0]?.state).toBe("done")
      expect(way.current).toBe(way.steps.find(({ state }) => state !== "done" && state !== "optional")?.id)
      if (way.complete) expect([way.connected, way.current]).toEqual([true, undefined])
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "nothing optional ever holds an account up (P-R12)",
    [accounts, connections, loads],
    ([account, states, all]) => {
      const mine = own(account, states)
      const optional = new Set(
        Onboarding.of(account, mine, all, { now: hour(1) })
          .steps.filter(({ state }) => state === "optional")
          .map(({ connectionId }) => connectionId)
      )
      const without = mine.filter(({ id }) => !optional.has(id))
      expect(Onboarding.of(account, without, all, { now: hour(1) }).connected).toBe(
        Onboarding.of(account, mine, all, { now: hour(1) }).connected
      )
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "depends on its input alone",
    [accounts, connections, loads],
    ([account, states, all]) => {
      const mine = own(account, states)
      expect(Onboarding.of(account, mine.toReversed(), all, { now: hour(1) })).toEqual(
        Onboarding.of(account, mine, all, { now: hour(1) })
      )
    },
    { arbitrary: { runs: 100 } }
  )

  it.prop(
    "asks for a consent again from its end on, whether or not the provider has said so (C11)",
    [accounts, connections, loads],
    ([account, states, all]) => {
      const mine = own(account, states).map((one) =>
        Connection.isLinked(one) ? { ...one, link: { ...one.link, expiresAt: hour(2) } } : one
      )
      const isWorking = (one: Connection.Present) => Connection.isLinked(one) && one._tag !== "ReauthorizationNeeded"
      const lost = mine.map((one): Connection.Present =>
        Connection.isLinked(one) && isWorking(one)
          ? { ...one, _tag: "ReauthorizationNeeded", loss: "expired", since: hour(2) }
          : one
      )
      const at = (now: DateTime.Utc, views: ReadonlyArray<Connection.Present> = mine) =>
        Onboarding.of(account, views, all, { now })
      expect(at(hour(2))).toEqual(at(hour(2), lost))
      expect(at(hour(99))).toEqual(at(hour(2)))
      for (const { channel, connectionId, id, state } of at(hour(2)).steps) {
        const one = mine.find((own) => own.id === connectionId && own.channel === channel)
        if (id === "access" && one !== undefined && isWorking(one) && Connection.pendingOf(one) === undefined) {
          expect(state).toBe("now")
        }
      }
      const working = mine.filter(isWorking)
      if (working.length > 0) expect(at(DateTime.subtract(hour(2), { milliseconds: 1 }))).toEqual(at(hour(1)))
    },
    { arbitrary: { runs: 300 } }
  )
})
