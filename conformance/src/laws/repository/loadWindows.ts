/** REPO-52: the windows of a load are read whole, or from a day on. */
import { Day, Window } from "@portolan/domain"
import { Effect } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { byText, check } from "./support.ts"

const first = Day.toNumber("2026-05-01" as Day.Day)

/** A window: when it begins and ends, in days from the first, of which class, and whether it is over. */
const drawn = fc
  .record({
    from: fc.integer({ min: 0, max: 9 }),
    days: fc.integer({ min: 1, max: 3 }),
    dataClass: fc.constantFrom("advertising", "sales"),
    isOver: fc.boolean(),
    round: fc.constantFrom(undefined, "day", "again")
  })
  .map((one) => ({ ...one, id: `${one.dataClass}/${one.from}/${one.days}` }))

type Drawn = typeof drawn extends fc.Arbitrary<infer D> ? D : never

const unique = (windows: ReadonlyArray<Drawn>) => [...new Map(windows.map((one) => [one.id, one])).values()]

const several = fc.array(drawn, { minLength: 1, maxLength: 8 }).map(unique)

/** Windows that end before any day of a case's first turn: one is over, and one is not. */
const old: ReadonlyArray<Drawn> = [true, false].map((isOver) => {
  const dataClass = isOver ? "advertising" : "sales"
  return { from: 0, days: 1, dataClass, isOver, round: undefined, id: `${dataClass}/0/1` }
})

const dayOf = (n: number): Day.Day => Day.fromNumber(first + n)

const stateOf = (
  { organizations: [organizationId] }: RepositoryInstance,
  { dataClass, days, from, isOver, round }: Drawn
): Window.Present => {
  const { _tag: _waiting, ...own } = fixtures.window(organizationId, 0)
  const windowId = `${dataClass}/${dayOf(from)}/${dayOf(from + days)}` as Window.WindowId
  const window = {
    ...own,
    id: Window.keyOf(own.backfillId, windowId),
    windowId,
    dataClass,
    from: dayOf(from),
    until: dayOf(from + days),
    ...(round === undefined ? {} : { round })
  }
  return isOver ? { ...window, _tag: "Loaded", rows: 1, at: fixtures.instant() } : { ...window, _tag: "Waiting" }
}

/** By class, the youngest first: by the day after the last, then by the first. */
const ordered = (windows: ReadonlyArray<Window.Present>) =>
  windows
    .toSorted(
      (one, other) =>
        byText(one.dataClass, other.dataClass) || byText(other.until, one.until) || byText(other.from, one.from)
    )
    .map(({ windowId }) => windowId)

/** What a round looks at is whole, and no more. */
export const repo52: Law<RepositoryInstance> = {
  id: "REPO-52",
  title:
    "The windows of a load come by class, the youngest first; from a day on, those that end after it and those that " +
    "are not over come, and no others",
  rationale:
    "What a round of the days after the first load does not see, it asks for again or never: an open window of long " +
    "ago that is left out is never tried again. Reading all of them every day costs more each year.",
  checkFirst:
    "Look at the condition: `until` is the day after the last, and the day itself is excluded. An open window " +
    "belongs to the answer however old it is.",
  sources: [],
  see: ["LoadReads"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "left out": 0.4, "old and open": 0.3 },
      input: [
        fc.record({
          windows: several.map((more) => unique([...more, ...old])),
          since: fc.integer({ min: 2, max: 10 })
        }),
        fc.record({ windows: several, since: fc.integer({ min: 0, max: 10 }) })
      ],
      check: (instance, { since, windows }, testCase) =>
        Effect.gen(function* () {
          const { repository, unitOfWork } = instance.services
          const [organizationId] = instance.organizations
          const states = windows.map((one) => stateOf(instance, one))
          const writes = states.map((state) => fixtures.write("window", state, 0, []))
          yield* unitOfWork.commit(fixtures.change(organizationId, { writes }))
          const backfillId = fixtures.idOf("backfill", organizationId, 0)
          const read = (day?: Day.Day) =>
            Effect.map(repository.windows(organizationId, backfillId, day), (all) =>
              all.map(({ state }) => state.windowId)
            )
          const meant = states.filter((state) => Window.isOpen(state) || state.until > dayOf(since))
          if (meant.length < states.length) testCase.label("left out")
          if (meant.some(({ until }) => until <= dayOf(since))) testCase.label("old and open")
          yield* mustEqual("the windows of a load are not all there, or not in their order", {
            expected: ordered(states),
            actual: yield* read()
          })
          yield* mustEqual("windows from a day on are not those that end after it and those that are not over", {
            expected: ordered(meant),
            actual: yield* read(dayOf(since))
          })
        })
    })
  ]
}
