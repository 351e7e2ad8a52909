/** What the laws of sinks share: landings as data, and a register of what has to lie where. */
import { type DataClass, Day, Profile } from "@portolan/domain"
import type { DataSink, ProviderApi } from "@portolan/ports"
import { Effect, Schema } from "effect"
import * as fc from "fast-check"
import { forAll, type Description } from "../../forAll.ts"
import { mustEqual } from "../../Violation.ts"
import { idOf, keyOf, windowId } from "../repository/fixtures/ids.ts"
import type { LandedRow, SinkInstance, SinkService } from "./SinkInstance.ts"

/** Makes a part of a law of sinks. */
export const check = <Input>(description: Description<SinkInstance, Input>) => forAll(description)

/** Two of everything that a row is found by. */
export interface Place {
  readonly organization: 0 | 1
  readonly connection: 0 | 1
  readonly profile: 0 | 1
  readonly dataClass: 0 | 1
}

/** A landing as data: the keys of its rows, and the value that all of them have. */
export interface Land extends Place {
  readonly keys: ReadonlyArray<string>
  readonly value: string
}

const two = fc.constantFrom<0 | 1>(0, 0, 1)

/** Keys that share separators with profiles and classes, the better to be mixed up. */
const key = fc.constantFrom("a", "a", "b", "a/b", "a b", " a", "A", "é", "e\u0301", "", "0", "00", "'", "\\")

const value = fc.constantFrom("1", "2", "12345678901234567890", "0.10", "null", "ü 🧭", "")

/** Draws landings. */
export const land: fc.Arbitrary<Land> = fc.record({
  organization: two,
  connection: two,
  profile: two,
  dataClass: two,
  keys: fc.array(key, { maxLength: 5 }),
  value
})

const day = Schema.decodeSync(Day.Day)("2026-05-01")

const classes: readonly [DataClass.DataClass, DataClass.DataClass] = ["advertising", "sales"]

/** The organization, the connection and the profile that a place names. */
export const placeOf = (
  { organizations }: SinkInstance,
  { connection, organization, profile }: Omit<Place, "dataClass">
) => {
  const organizationId = organizations[organization]
  return {
    organizationId,
    connectionId: idOf("connection", organizationId, connection),
    accountId: idOf("account", organizationId, connection),
    profile: keyOf(`${organizations[0].slice(-14)}.${profile}`)
  }
}

const rowOf = (text: string, rowKey: string): ProviderApi.Row => ({ key: rowKey, day, data: { value: text, day } })

/** The landing itself. */
export const landingOf = (instance: SinkInstance, command: Land): DataSink.Landing => ({
  ...placeOf(instance, command),
  dataClass: classes[command.dataClass],
  windowId,
  rows: command.keys.map((rowKey) => rowOf(command.value, rowKey))
})

/** What has to lie in the sink. */
export type Register = Map<string, LandedRow>

const nameOf = ({ connectionId, organizationId }: ReturnType<typeof placeOf>) => `${organizationId} ${connectionId} `

/** Writes down what a landing leaves. */
export const enter = (
  register: Register,
  { connectionId, dataClass, organizationId, profile, rows }: DataSink.Landing
) => {
  for (const row of rows) {
    const at = `${organizationId} ${connectionId} ${JSON.stringify([Profile.keyText(profile), dataClass, row.key])}`
    register.set(at, { ...row, profile, dataClass })
  }
}

/** The rows that a connection has to have. */
export const rowsOf = (register: Register, place: ReturnType<typeof placeOf>): ReadonlyArray<LandedRow> =>
  [...register].filter(([name]) => name.startsWith(nameOf(place))).map(([, row]) => row)

/** Forgets the rows of a connection, and says how many there were. */
export const forget = (register: Register, place: ReturnType<typeof placeOf>): number => {
  const names = [...register.keys()].filter((name) => name.startsWith(nameOf(place)))
  for (const name of names) register.delete(name)
  return names.length
}

/** Both connections of both organizations. */
export const places = ([0, 1] as const).flatMap((organization) =>
  ([0, 1] as const).map((connection) => ({ organization, connection, profile: 0 as const }))
)

/** Fails the case unless each connection has as many rows of each class as it has to have. */
export const mustCount = Effect.fnUntraced(function* (
  instance: SinkInstance,
  sink: SinkService,
  register: Register,
  summary: string
) {
  for (const place of places) {
    const found = placeOf(instance, place)
    const counts = yield* sink.count(found.organizationId, found.connectionId)
    const expected = rowsOf(register, found)
    yield* mustEqual(`${summary}: connection ${place.connection} of organization ${place.organization}`, {
      expected: classes.map((each) => expected.filter(({ dataClass }) => dataClass === each).length),
      actual: classes.map((each) => counts.get(each) ?? 0)
    })
  }
})

/** Rows as lines that can be compared, in an order of their own. */
export const linesOf = (rows: ReadonlyArray<LandedRow>): ReadonlyArray<string> =>
  rows
    .map(({ data, dataClass, day: on, key: rowKey, profile }) =>
      JSON.stringify([
        Profile.keyText(profile),
        dataClass,
        rowKey,
        on,
        Object.entries(data).toSorted(([one], [other]) => (one < other ? -1 : 1))
      ])
    )
    .toSorted()
