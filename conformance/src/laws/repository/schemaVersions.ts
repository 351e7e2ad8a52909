/** REPO-26: what earlier releases wrote is read, and what a later one wrote is named. */
import { Aggregate, type Id, Job, Stored } from "@portolan/domain"
import { Arbitrary, Effect, Predicate, Result, type Schema } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { broken } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import { olderPayload, upcastersOf } from "./olderRecords.ts"
import { newer } from "./newerRecords.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, mustBeSame, probe } from "./support.ts"

type Kind = Aggregate.Kind

/** A value of a schema that has a tag; undefined when two hundred seeds give none. */
const drawn = (schema: Schema.Codec<unknown, unknown>, seed: number, tags: (tag: string) => boolean) => {
  const arbitrary = Arbitrary.schema(schema)
  for (let next = seed; next < seed + 200; next++) {
    const [value] = Effect.runSync(Arbitrary.sampleEffect(arbitrary, { count: 1, seed: next }))
    if (Predicate.isObject(value) && "_tag" in value && tags(String(value._tag))) return value
  }
  return
}

const schemaOf = (kind: Kind, part: "State" | "Event"): Schema.Codec<unknown, unknown> => Aggregate.machines[kind][part]

const isStored = (tag: string) => tag !== "Absent"

/** Everything of which there are earlier versions. A kind stands for its states. */
const aged: ReadonlyArray<{ readonly kind: Kind; readonly tag?: string }> = fixtures.kinds.flatMap((kind) => {
  const { events, state } = Stored.machineUpcasters[kind]
  return [...(state.length > 0 ? [{ kind }] : []), ...Object.keys(events).map((tag) => ({ kind, tag }))]
})

const choices = { seed: fc.integer({ min: 0, max: 1_000_000 }), steps: fc.integer({ min: 1, max: 3 }) }

/** What is committed before a record takes its place: a state and an event of a kind, valid together or not. */
interface Committed {
  readonly organizationId: Id.OrganizationId
  readonly state: Aggregate.Present<Kind>
  readonly event: Aggregate.Types[Kind]["event"]
}

const committed = Effect.fnUntraced(function* (
  { organizations: [organizationId], services }: RepositoryInstance,
  { kind, seed, tag }: Aged
) {
  const state = drawn(schemaOf(kind, "State"), seed, isStored)
  const drawnEvent = drawn(schemaOf(kind, "Event"), seed, (one) => tag === undefined || one === tag)
  if (state === undefined || drawnEvent === undefined) throw new Error(`the schemas of ${kind} have no values`)
  const id = fixtures.idOf(kind, organizationId, seed)
  // What is drawn from the schemas of a kind belongs to the kind.
  const next = { ...state, ...digests(state, organizationId, seed), id, organizationId } as Aggregate.Present<Kind>
  const event = drawnEvent as Aggregate.Types[Kind]["event"]
  const writes = [fixtures.write(kind, next, 0, [event])]
  yield* services.unitOfWork.commit(fixtures.change(organizationId, { writes }))
  return { organizationId, state: next, event } satisfies Committed
})

/** Digests are looked up across organizations, so they are the case's own. */
const digests = (state: object, organizationId: Parameters<typeof fixtures.digestOf>[0], seed: number) =>
  Object.fromEntries(
    ["stateDigest", "tokenDigest", "digest"]
      .filter((name) => name in state)
      .map((name) => [name, fixtures.digestOf(organizationId, seed)])
  )

/** A record of an earlier version: with its version, or without one when it is of the first. */
const aging = (
  kind: Kind | "job",
  part: Stored.Part,
  { payload, schemaVersion }: Stored.Written,
  { seed, steps }: { readonly seed: number; readonly steps: number }
) => {
  const tag = Predicate.isObject(payload) && "_tag" in payload ? String(payload._tag) : ""
  const version = 1 + (seed % Math.max(1, schemaVersion - 1))
  const older = olderPayload(payload, upcastersOf(kind, part, tag), { version, steps })
  return version === 1 && seed % 2 === 0 ? { payload: older } : { schemaVersion: version, payload: older }
}

/** Takes the answer that an older record cannot be read for what it is: the promise is broken. */
const readable = <A, E extends { readonly _tag: string }>(call: Effect.Effect<A, E>) =>
  Effect.catchIf(
    call,
    (error) => error._tag === "Unreadable",
    () => broken("a record of an earlier version is not read", { expected: "the record", actual: "Unreadable" })
  )

/** One input: what there are earlier versions of, and how to make one. */
interface Aged {
  readonly kind: Kind
  readonly tag?: string
  readonly seed: number
  readonly steps: number
}

const stateIsRead = Effect.fnUntraced(function* (
  instance: RepositoryInstance,
  { input, organizationId, state }: { readonly input: Aged } & Committed,
  note: (line: string) => void
) {
  const { kind } = input
  const { id } = state
  const stored = aging(kind, "state", Stored.writeState(kind, state), input)
  note(`a ${kind} of version ${stored.schemaVersion ?? "none"}: ${JSON.stringify(stored.payload)}`)
  yield* probe(instance, "plant")({ _tag: "State", organizationId, kind, id, stored })
  const found = yield* readable(instance.services.repository.find(kind, organizationId, id))
  yield* mustBeSame(`an older ${kind} reads otherwise than the domain reads it`, {
    expected: Result.getOrThrow(Stored.readState(kind, stored)),
    actual: found.state
  })
})

const eventIsRead = Effect.fnUntraced(function* (
  instance: RepositoryInstance,
  { event, input, organizationId, state }: { readonly input: Aged } & Committed,
  note: (line: string) => void
) {
  const { kind, tag } = input
  const { log } = instance.services
  const stored = aging(kind, "event", Stored.writeEvent(kind, event), input)
  note(`${tag} of version ${stored.schemaVersion ?? "none"}: ${JSON.stringify(stored.payload)}`)
  yield* probe(instance, "plant")({ _tag: "Event", organizationId, position: 1, stored })
  const reads = {
    after: yield* readable(log.after(organizationId, 0, 10)),
    of: (yield* log.of(organizationId, [state.id], { limit: 10 })).items,
    all: (yield* log.all(organizationId, {}, { limit: 10 })).items
  }
  for (const [method, events] of Object.entries(reads)) {
    yield* mustBeSame(`an older event reads otherwise in "${method}" than the domain reads it`, {
      expected: [Result.getOrThrow(Stored.readEvent(kind, stored))],
      actual: events.map((one) => one.event)
    })
  }
})

const alone = check<Aged>({
  name: "alone",
  kind: "property",
  needs: ["plant"],
  minimum: 2 * aged.length,
  input: turnOf(aged, (one) => fc.record(choices).map((drawn) => ({ ...one, ...drawn }))),
  check: (instance, input, { note }) =>
    Effect.gen(function* () {
      const made = { ...(yield* committed(instance, input)), input }
      yield* input.tag === undefined ? stateIsRead(instance, made, note) : eventIsRead(instance, made, note)
    })
})

const work = check({
  name: "work",
  kind: "property",
  needs: ["plant", "jobs"],
  input: turnOf(Object.keys(Stored.taskUpcasters), (tag) => fc.record({ ...choices, tag: fc.constant(tag) })),
  check: (instance, input) =>
    Effect.gen(function* () {
      const [organizationId] = instance.organizations
      const task = drawn(Job.Task, input.seed, (tag) => tag === input.tag) as Job.Task | undefined
      if (task === undefined) return
      const job = { ...fixtures.job(organizationId, input.seed), task }
      yield* instance.services.unitOfWork.commit(fixtures.change(organizationId, { jobs: [job] }))
      const stored = aging("job", "task", Stored.writeTask(task), input)
      yield* probe(instance, "plant")({ _tag: "Task", organizationId, id: job.id, stored })
      yield* mustBeSame("older work reads otherwise than the domain reads it", {
        expected: [{ ...job, task: Result.getOrThrow(Stored.readTask(stored)) }],
        actual: yield* probe(instance, "jobs")(organizationId)
      })
    })
})

/** Records outlive the release that wrote them. */
export const repo26: Law<RepositoryInstance> = {
  id: "REPO-26",
  title: "States, events and work that every earlier release wrote are read, and those of a later one are named",
  rationale:
    "A history is kept for years and its shapes change. Whoever cannot read what they wrote last year has lost it, " +
    "and whoever guesses at what a newer release meant acts on something that nobody said.",
  checkFirst:
    "Look at whether the schema version is stored beside the JSON, null in rows from before, and handed to the " +
    "domain's reader (`Stored`). A list names what it cannot read in `unreadable`, and `after` stops before it.",
  see: ["Repository", "EventLog"],
  level: core,
  parts: [alone, work, newer]
}
