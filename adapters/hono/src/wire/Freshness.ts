/** How fresh the data of a connection are, on the wire. */
import { DataClass, type Freshness } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { Schema } from "effect"
import { Day, Instant, instant, MustAct } from "./Text.ts"

const Range = Schema.Struct({
  from: Day,
  until: Day,
  state: Schema.Literals(["loaded", "restated", "empty", "quarantined", "not-kept", "missing"])
}).annotate({
  identifier: "FreshnessRange",
  description:
    "Days `from` (included) to `until` (excluded). `restated`: loaded, then asked for again; `empty`: proven " +
    "to have nothing; `quarantined`: some rows cannot be read; `not-kept`: the provider has them no more."
})

const Class = Schema.Struct({
  dataClass: DataClass.DataClass,
  label: Schema.String,
  state: Schema.Literals(["fresh", "late", "stalled", "paused", "not-permitted"]),
  dataUpTo: Schema.optionalKey(Day),
  expectedBy: Schema.optionalKey(Instant),
  lateSince: Schema.optionalKey(Instant),
  mustAct: MustAct,
  /** What keeps days from loading, when somebody must act. */
  actionNeeded: Schema.Array(Schema.String),
  days: Schema.Array(Range)
}).annotate({
  identifier: "ClassFreshness",
  description: "Up to which day one kind of data is there, by when the next day is expected, and since when it is late."
})

/** How fresh each kind of data is. */
export const Answer = Schema.Struct({ at: Instant, from: Day, until: Day, classes: Schema.Array(Class) }).annotate({
  identifier: "Freshness",
  description: "How fresh each kind of data is, with the days `from` (included) to `until` (excluded)."
})

const ofClass = (one: Connections.ClassDays): typeof Class.Type => {
  const { blockedBy, dataClass, dataUpTo, days, expectedBy, lateSince, mustAct, state } = one
  return {
    dataClass,
    label: DataClass.label(dataClass),
    state,
    ...(dataUpTo === undefined ? {} : { dataUpTo }),
    ...(expectedBy === undefined ? {} : { expectedBy: instant(expectedBy) }),
    ...(lateSince === undefined ? {} : { lateSince: instant(lateSince) }),
    mustAct,
    actionNeeded: blockedBy,
    days: days.map((range: Freshness.DayRange) => ({ ...range }))
  }
}

/** Writes how fresh each kind of data is. */
export const of = ({ at, classes, from, until }: Connections.FreshnessView): typeof Answer.Type => ({
  at: instant(at),
  from,
  until,
  classes: classes.map(ofClass)
})
