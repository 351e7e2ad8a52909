/** Lists of changes as plain data, and generators that draw them. */
import * as fc from "fast-check"
import { opening } from "../../inTurn.ts"

/** Which version a write expects, told without knowing versions. */
export type Expectation = "current" | "one older" | "one newer" | "none" | "two newer"

/** A part of a change, for one of six aggregates. */
export interface Part {
  readonly slot: 0 | 1 | 2 | 3 | 4 | 5
  readonly expects: Expectation
  readonly events: number
}

/** One change. */
export interface Command {
  readonly client: 0 | 1
  readonly organization: 0 | 1 | 2
  readonly writes: ReadonlyArray<Part>
  readonly claims: ReadonlyArray<{
    readonly does: "Hold" | "Release"
    readonly profile: 0 | 1 | 2
    readonly connection: 0 | 1 | 2
  }>
  readonly jobs: number
  readonly completes: "nothing" | "waiting" | "done" | "unknown"
  readonly idempotency: undefined | { readonly key: 0 | 1; readonly fingerprint: 0 | 1 }
}

/** How often each part of a change is there, from 0 (never) to 10 (always), and how many organizations act. */
export interface Focus {
  readonly writes?: number
  readonly wrong?: number
  readonly claims?: number
  readonly jobs?: number
  readonly completes?: number
  readonly idempotency?: number
  readonly organizations?: 1 | 2 | 3
}

const sometimes = <A>(weight: number, there: fc.Arbitrary<A>, otherwise: A): fc.Arbitrary<A> =>
  fc.oneof({ weight, arbitrary: there }, { weight: 10 - weight, arbitrary: fc.constant(otherwise) })

const third = fc.constantFrom<0 | 1 | 2>(0, 1, 2)

/** A change of nothing. */
const none: Command = {
  client: 0,
  organization: 0,
  writes: [],
  claims: [],
  jobs: 0,
  completes: "nothing",
  idempotency: undefined
}

/** Writes to the first company. */
const writing = (expects: Expectation, events: number): Command => ({ ...none, writes: [{ slot: 0, expects, events }] })

/** Binds the first profile. */
const holding = (organization: Command["organization"]): Command => ({
  ...none,
  organization,
  claims: [{ does: "Hold", profile: 0, connection: 0 }]
})

const keyed = (fingerprint: 0 | 1): Command => ({ ...none, idempotency: { key: 0, fingerprint } })

/** Changes whose answer is certain at the beginning of a list: what a list of a class of cases begins with. */
export const begins = {
  accepted: [writing("current", 1)],
  "accepted and refused": [writing("current", 2), writing("two newer", 1)],
  "several events": [writing("current", 3), writing("current", 3)],
  "a profile asked for twice": [holding(0), holding(1)],
  "a profile refused beside a write": [
    holding(0),
    { ...holding(1), writes: [{ slot: 0, expects: "current", events: 1 }] }
  ],
  "a profile taken beside a stale write": [
    { ...holding(0), writes: [{ slot: 0, expects: "two newer", events: 1 }] },
    holding(1)
  ],
  "a request repeated and a key used again": [keyed(0), keyed(0), keyed(1)],
  "work that is not there": [
    { ...none, completes: "unknown" },
    { ...none, jobs: 1 }
  ]
} as const satisfies Readonly<Record<string, ReadonlyArray<Command>>>

/** Draws lists of changes that begin with these. */
export const after = (begin: keyof typeof begins, focus: Focus, maxLength?: number) =>
  opening<Command>(begins[begin], commands(focus, maxLength, 0))

/** Draws lists of changes; every other list begins with these. */
export const commandsAfter = (
  begin: keyof typeof begins,
  focus: Focus,
  maxLength?: number
): readonly [fc.Arbitrary<ReadonlyArray<Command>>, fc.Arbitrary<ReadonlyArray<Command>>] => [
  after(begin, focus, maxLength),
  commands(focus, maxLength)
]

/** Draws lists of changes. */
export const commands = (focus: Focus, maxLength = 12, minLength = 1): fc.Arbitrary<ReadonlyArray<Command>> => {
  const { writes = 0, wrong = 2, claims = 0, jobs = 0, completes = 0, idempotency = 0, organizations = 2 } = focus
  const part = fc.record({
    slot: fc.constantFrom<Part["slot"]>(0, 0, 0, 1, 2, 3, 4, 5),
    expects: sometimes<Expectation>(wrong, fc.constantFrom("one older", "one newer", "none", "two newer"), "current"),
    events: fc.integer({ min: 0, max: 3 })
  })
  const claim = fc.record({
    does: fc.constantFrom<"Hold" | "Release">("Hold", "Hold", "Release"),
    profile: third,
    connection: third
  })
  return fc.array(
    fc.record<Command>({
      client: fc.constantFrom(0, 1),
      organization: fc.constantFrom(...([0, 0, 1, 2] as const).slice(0, organizations + 1)),
      writes: sometimes(writes, fc.uniqueArray(part, { minLength: 1, maxLength: 3, selector: ({ slot }) => slot }), []),
      claims: sometimes(claims, fc.array(claim, { minLength: 1, maxLength: 2, size: "max" }), []),
      jobs: sometimes(jobs, fc.integer({ min: 1, max: 2 }), 0),
      completes: sometimes<Command["completes"]>(
        completes,
        fc.constantFrom("waiting", "waiting", "done", "unknown"),
        "nothing"
      ),
      idempotency: sometimes<Command["idempotency"]>(
        idempotency,
        fc.record({ key: fc.constantFrom(0, 0, 1), fingerprint: fc.constantFrom(0, 0, 0, 1) }),
        undefined
      )
    }),
    { minLength, maxLength, size: "max" }
  )
}
