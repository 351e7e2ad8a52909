/** REPO-25: whatever the schemas allow can be stored, and comes back as it was. */
import { Actor, Aggregate, Id, Job } from "@portolan/domain"
import type { UnitOfWork } from "@portolan/ports"
import { Arbitrary, Effect, Predicate, type Schema } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, mustBeSame, probe } from "./support.ts"

/** One value of a schema, chosen by seed. Seeds shrink towards 0, which is as good as any: values have no order. */
const sample = <A>(arbitrary: Arbitrary.Arbitrary<A>, seed: number): A => {
  const [value] = Effect.runSync(Arbitrary.sampleEffect(arbitrary, { count: 1, seed }))
  if (value === undefined) throw new Error("the schema has no values")
  return value
}

/** Text that storage likes to alter: NUL, spaces, combining marks, quotes, other planes, lone surrogates, and none. */
const edges = [
  "",
  "\0",
  " ",
  "\t\n\r\n",
  "'",
  '"',
  "\\",
  "\\u0000",
  "${x}",
  "%s",
  "\u00e9",
  "e\u0301",
  "\u{1f511}",
  "\u{10ffff}",
  "\ud800",
  "\ufeff",
  "\u202e",
  "null",
  "9007199254740993",
  "007",
  "1e3",
  "2027-01-15T09:30:00Z"
] as const

type Sampled<K extends Aggregate.Kind> = {
  readonly state: Aggregate.Present<K>
  readonly event: Aggregate.Types[K]["event"]
}

/** Puts an edge into a free text of a state or an event, where it has one. */
const freeText = [
  "detail",
  "grantor",
  "missing",
  "because",
  "reason",
  "outcome",
  "start",
  "tenantName",
  "accountName",
  "requestedBy"
]

const edged = <A extends object>(value: A, edge: string): A => {
  const fields = new Map<string, unknown>(Object.entries(value))
  const named = fields.get("advertiser")
  // A provider's name, which lists are sorted by.
  if (typeof named === "object" && named !== null && "name" in named)
    return { ...value, advertiser: { ...named, name: edge } }
  const name = freeText.find((each) => {
    const text = fields.get(each)
    // What reads like a word of a list of words may be one.
    return typeof text === "string" && !/^[a-z-]+$/.test(text)
  })
  return name === undefined ? value : { ...value, [name]: edge }
}

const { machines } = Aggregate

/** Draws a state that exists, and an event, of a kind; undefined when fifty seeds give no such state. */
const sampled = (kind: Aggregate.Kind) => {
  const schemas: { readonly State: Schema.Codec<unknown, unknown>; readonly Event: Schema.Codec<unknown, unknown> } =
    machines[kind]
  const states = Arbitrary.schema(schemas.State)
  const events = Arbitrary.schema(schemas.Event)
  return (seed: number, edge: string): unknown => {
    for (let next = seed; next < seed + 50; next++) {
      const state = sample(states, next)
      const event = sample(events, seed)
      if (!Predicate.isObject(state) || !Predicate.isObject(event)) return
      if (!Predicate.isTagged(state, "Absent")) return { state: edged(state, edge), event: edged(event, edge) }
    }
    return
  }
}

const samples = new Map(fixtures.kinds.map((kind) => [kind, sampled(kind)]))

const actors = Arbitrary.schema(Actor.Actor)
const tasks = Arbitrary.schema(Job.Task)

/** A write of an arbitrary state with an arbitrary event. Ids and digests are the case's own. */
const writeOf = <K extends Aggregate.Kind>(
  kind: K,
  organizationId: Id.OrganizationId,
  seed: number,
  edge: string
): { readonly write: UnitOfWork.Write; readonly state: Aggregate.Present<K> } | undefined => {
  // What is drawn from the schemas of a kind belongs to the kind.
  const found = samples.get(kind)?.(seed, edge) as Sampled<K> | undefined
  if (found === undefined) return
  const own = { id: fixtures.idOf(kind, organizationId, seed), organizationId }
  const state = { ...found.state, ...own, ...ownDigests(found.state, organizationId, seed) }
  return { write: fixtures.write(kind, state, 0, [found.event]), state }
}

/** Digests are looked up across organizations, so they are the case's own, where a state has any. */
const ownDigests = (state: object, organizationId: Id.OrganizationId, seed: number) =>
  Object.fromEntries(
    ["stateDigest", "tokenDigest", "digest"]
      .filter((name) => name in state)
      .map((name) => [name, fixtures.digestOf(organizationId, seed)])
  )

/** Any valid aggregate can be stored. */
export const repo25: Law<RepositoryInstance> = {
  id: "REPO-25",
  title: "Every state, event and actor that the schemas allow is stored and read unchanged",
  rationale: "A name with an emoji, a missing date or a lone surrogate must not be what a connection dies of.",
  checkFirst:
    "Look at how the value in the report is encoded: instants with their zone, NUL and lone surrogates (`jsonb` " +
    "refuses both), absent keys that come back as null, digits that come back as numbers.",
  sources: [
    {
      fact: "`jsonb` refuses NUL and lone surrogates.",
      url: "https://www.postgresql.org/docs/current/datatype-json.html"
    }
  ],
  see: ["UnitOfWork.commit", "Repository.find"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      minimum: 28,
      input: turnOf(fixtures.kinds, (kind) =>
        fc.record({
          kind: fc.constant(kind),
          seed: fc.integer({ min: 0, max: 1_000_000 }),
          edge: fc.constantFrom(...edges)
        })
      ),
      check: ({ organizations: [organizationId], services }, { kind, seed, edge }, testCase) =>
        Effect.gen(function* () {
          const made = writeOf(kind, organizationId, seed, edge)
          if (made === undefined) return
          const actor = sample(actors, seed)
          testCase.note(`a ${kind} ${made.state._tag}, with ${JSON.stringify(edge)} in its free text if it has any`)
          yield* services.unitOfWork.commit(fixtures.change(organizationId, { writes: [made.write], actor }))
          const found = yield* services.repository.find(kind, organizationId, made.state.id)
          yield* mustBeSame(`a ${kind} reads otherwise than it was written`, {
            expected: made.state,
            actual: found.state
          })
          const events = yield* services.log.after(organizationId, 0, 10)
          yield* mustBeSame(`an event of a ${kind} reads otherwise than it was written`, {
            expected: made.write.events.map(({ event, id }) => ({ id, event, actor })),
            actual: events.map(({ event, id, actor }) => ({ id, event, actor }))
          })
        })
    }),
    check({
      name: "work",
      kind: "property",
      needs: ["jobs"],
      input: fc.integer({ min: 0, max: 1_000_000 }),
      check: (instance, seed) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const job = { ...fixtures.job(organizationId, seed, seed % 7_919), task: sample(tasks, seed) }
          yield* instance.services.unitOfWork.commit(fixtures.change(organizationId, { jobs: [job] }))
          yield* mustBeSame("work reads otherwise than it was written", {
            expected: [job],
            actual: yield* probe(instance, "jobs")(organizationId)
          })
        })
    })
  ]
}
