/** REPO-47 and 48: changes that overlap, of several organizations and of one. */
import type { UnitOfWork } from "@portolan/ports"
import { Effect, Equal, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { show } from "../../show.ts"
import { must, mustEqual } from "../../Violation.ts"
import { type Command, type Focus, after, begins, commands } from "./commandGenerator.ts"
import { changeOf, scopeOf, walk } from "./commandRunner.ts"
import * as fixtures from "./fixtures/index.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { check, clientsOf, mustBeSame, outcome, tagOf } from "./support.ts"

type OrganizationId = RepositoryInstance["organizations"][0]

/** Whether each piece of work waits, as its completion shows. Completing it is the last that a case does. */
const mustWait = Effect.fnUntraced(function* (
  services: Services,
  organizationId: OrganizationId,
  { done, waiting }: Register.Book
) {
  for (const [ids, expected] of [
    [[...waiting.keys()], "ok"],
    [[...done], "JobGone"]
  ] as const) {
    for (const id of ids) {
      const result = yield* outcome(services.unitOfWork.commit(fixtures.change(organizationId, { completes: id })))
      yield* mustEqual("work that was scheduled is lost, or work that was done is there again", {
        expected,
        actual: tagOf(result)
      })
    }
  }
})

const focus: Focus = { writes: 7, wrong: 1, jobs: 6, completes: 3, idempotency: 3, organizations: 1 }

/** The same changes for another organization, each to a profile of its own, so that nothing is shared. */
const own = (organization: Command["organization"], list: ReadonlyArray<Command>): ReadonlyArray<Command> =>
  list.map((each): Command => ({ ...each, organization }))

const organizationAt = (index: number): Command["organization"] =>
  ([0, 1, 2] as const).find((each) => each === index) ?? 0

/** Organizations do not get into each other's way. */
export const repo47: Law<RepositoryInstance> = {
  id: "REPO-47",
  title: "Changes of several organizations that overlap are all kept whole: states, history, work and keys",
  rationale:
    "What organizations share (a queue, a counter, a cache) is written by all at once. A copy that one writes back " +
    "takes the work of another with it, and that customer waits for a first load that nobody will ever do.",
  checkFirst:
    "Look for what is kept for all organizations together and written back as a whole: a list of jobs, a map of " +
    "keys, a running position. Each row has to be inserted or changed by itself.",
  see: ["UnitOfWork.commit"],
  level: core,
  parts: [
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      effort: 0.6,
      minimum: 14,
      input: fc.array(after("accepted", focus, 4), { minLength: 3, maxLength: 3 }),
      check: (instance, lists, testCase) =>
        Effect.gen(function* () {
          const clients = yield* clientsOf(instance, lists.length)
          const runs = lists.map((list, index) => ({
            list: own(organizationAt(index), list),
            register: Register.make(instance.organizations),
            services: clients(index)
          }))
          const finishes = yield* race<unknown, unknown>(
            testCase,
            runs.map(({ list, register, services }) =>
              Effect.gen(function* () {
                for (const [position, command] of list.entries()) {
                  const change = changeOf(instance, command, register, position)
                  const reasons = Register.reasons(register, change)
                  const result = yield* outcome(services.unitOfWork.commit(change))
                  yield* must(
                    Result.isSuccess(result) ? reasons.length === 0 : reasons.some((each) => each === tagOf(result)),
                    "beside changes of other organizations, a change met the wrong answer",
                    { expected: reasons[0] ?? "ok", actual: tagOf(result) }
                  )
                  if (Result.isSuccess(result)) Register.enter(register, change)
                }
              })
            )
          )
          yield* Effect.forEach(finishes, ({ exit }) => exit)
          for (const [index, { register }] of runs.entries()) {
            const organizationId = instance.organizations[index] ?? instance.organizations[0]
            const scope = scopeOf(instance, organizationId)
            yield* mustBeSame("what an organization holds is not what it was told was committed", {
              expected: Register.expectedView(register, organizationId, scope),
              actual: yield* Register.view(instance.services, organizationId, scope)
            })
            yield* mustWait(instance.services, organizationId, Register.bookOf(register, organizationId))
          }
        })
    })
  ]
}

/** A register that goes on from here by itself. */
const copyOf = (register: Register.Register): Register.Register => ({
  claims: new Map(register.claims),
  books: new Map(
    [...register.books].map(([organizationId, book]) => [
      organizationId,
      {
        entries: new Map(book.entries),
        events: [...book.events],
        keys: new Map(book.keys),
        waiting: new Map(book.waiting),
        done: new Set(book.done)
      }
    ])
  )
})

interface Done {
  readonly change: UnitOfWork.Change
  readonly result: Result.Result<UnitOfWork.Committed, UnitOfWork.CommitError>
}

/** The register after the changes in this order, or undefined when they could not have been answered so. */
const explained = (register: Register.Register, order: ReadonlyArray<Done>): Register.Register | undefined => {
  const next = copyOf(register)
  for (const { change, result } of order) {
    const reasons = Register.reasons(next, change)
    if (Result.isFailure(result) && !reasons.some((reason) => reason === result.failure._tag)) return
    if (Result.isSuccess(result) && reasons.length > 0) return
    if (Result.isSuccess(result)) Register.enter(next, change)
  }
  return next
}

const focused: Focus = { writes: 7, wrong: 1, claims: 5, jobs: 5, completes: 5, idempotency: 5, organizations: 1 }

const single = commands({ ...focused, organizations: 2 }, 1)

/** The first two of these, at once, after changes that are none of their business. */
const pair = (begin: keyof typeof begins) =>
  fc.record({
    before: commands({ ...focused, claims: 0, idempotency: 0, organizations: 1 }, 2, 0),
    one: fc.constant<ReadonlyArray<Command>>(begins[begin].slice(0, 1)),
    other: fc.constant<ReadonlyArray<Command>>(begins[begin].slice(1, 2))
  })

/** Two changes act one after the other. */
export const repo48: Law<RepositoryInstance> = {
  id: "REPO-48",
  title: "Any two changes that overlap leave all that one after the other leaves",
  rationale:
    "A change is states, events, profiles, work and a key. Where one of them is written apart from the others, two " +
    "changes mix: the state of one, the history of the other, and a profile of neither.",
  checkFirst:
    "Look at what the two changes of the story share: all of it has to be read and written in one transaction, and " +
    "what is not in conflict by a row has to be by a lock (the positions of the history, the key).",
  see: ["UnitOfWork.commit", "Change"],
  level: core,
  parts: [
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      minimum: 25,
      labels: { "one refused": 0.1 },
      input: [
        fc.record({ before: commands(focused, 3, 0), one: single, other: single }),
        pair("a request repeated and a key used again"),
        pair("a profile taken beside a stale write")
      ],
      check: (instance, { before, one, other }, testCase) =>
        Effect.gen(function* () {
          const register = yield* walk(instance, before, testCase, () => Effect.void)
          const clients = yield* clientsOf(instance, 2)
          const changes = [...one.slice(0, 1), ...other.slice(0, 1)].map((command, index) =>
            changeOf(instance, command, register, before.length + index)
          )
          const finishes = yield* race(
            testCase,
            changes.map((change, index) => outcome(clients(index).unitOfWork.commit(change)))
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          const done = changes.flatMap((change, index): ReadonlyArray<Done> => {
            const result = results[index]
            return result === undefined ? [] : [{ change, result }]
          })
          for (const { change, result } of done) testCase.note(`${show(change)} -> ${tagOf(result)}`)
          if (results.some(Result.isFailure)) testCase.label("one refused")
          const orders = [done, done.toReversed()].flatMap((order) => explained(register, order) ?? [])
          yield* must(orders.length > 0, "two changes at once met answers that no order of the two explains", {
            expected: "one after the other",
            actual: results.map(tagOf)
          })
          const organizations = [...new Set(changes.map(({ organizationId }) => organizationId))]
          const seen = yield* Effect.forEach(organizations, (organizationId) =>
            Register.view(instance.services, organizationId, scopeOf(instance, organizationId))
          )
          const left = orders.find((order) =>
            organizations.every((organizationId, index) =>
              Equal.equals(Register.expectedView(order, organizationId, scopeOf(instance, organizationId)), seen[index])
            )
          )
          yield* must(left !== undefined, "two changes at once left what no order of the two leaves", {
            expected: "all of both, or all of one",
            actual: seen
          })
          for (const organizationId of organizations) {
            if (left !== undefined) yield* mustWait(clients(0), organizationId, Register.bookOf(left, organizationId))
          }
        })
    })
  ]
}
