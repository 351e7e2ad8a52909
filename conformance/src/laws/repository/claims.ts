/** REPO-06 to 09 and 29: a profile belongs to one account, whoever asks, and nobody learns whose it is. */
import { type Id, Profile } from "@portolan/domain"
import { UnitOfWork } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { commands, walk } from "./commandGenerator.ts"
import * as fixtures from "./fixtures.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { check, clientsOf, mustBeSame, outcome, tagOf } from "./support.ts"

const third = fc.constantFrom<0 | 1 | 2>(0, 1, 2)

/** Binds a profile to connection `n` and nothing else. */
const bind = (services: Services, organizationId: Id.OrganizationId, key: Profile.Key, n: number) =>
  outcome(
    services.unitOfWork.commit(fixtures.change(organizationId, { claims: [fixtures.hold(organizationId, key, n)] }))
  )

const free = (services: Services, organizationId: Id.OrganizationId, key: Profile.Key, n: number) =>
  services.unitOfWork.commit(fixtures.change(organizationId, { claims: [fixtures.release(organizationId, key, n)] }))

/** Who holds a profile, as all organizations together see it. */
const holdersOf = (services: Services, organizations: RepositoryInstance["organizations"], key: Profile.Key) =>
  Effect.map(
    Effect.forEach(organizations, (organizationId) => services.repository.holders(organizationId, [key])),
    (found) =>
      found.flatMap((holders, index) =>
        holders.map(
          ({ connectionId }) => `organization ${index}, connection ${numberOf(organizations[index], connectionId)}`
        )
      )
  )

const numberOf = (organizationId: Id.OrganizationId | undefined, connectionId: string) =>
  organizationId === undefined
    ? -1
    : [0, 1, 2, 3, 4, 5].findIndex((n) => fixtures.idOf("connection", organizationId, n) === connectionId)

/** A profile belongs to one account. */
export const repo06: Law<RepositoryInstance> = {
  id: "REPO-06",
  title: "Across all organizations a profile is bound to one connection at most",
  rationale: "Two agencies that both load and change one advertiser's campaigns undo each other's work, and pay twice.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { taken: 0.4, accepted: 0.5 },
      input: commands({ claims: 10, organizations: 3 }),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ change, reasons, register, result, services }) =>
          Effect.gen(function* () {
            if (reasons.length > 0) testCase.label("taken")
            yield* mustEqual("binding or freeing profiles met the wrong answer", {
              expected: reasons[0] ?? "ok",
              actual: tagOf(result)
            })
            for (const { key } of change.claims) {
              const held = register.claims.get(Profile.keyText(key))
              const place = instance.organizations.findIndex((each) => each === held?.organizationId)
              yield* mustBeSame("a profile is not bound to who bound it last", {
                expected:
                  held === undefined
                    ? []
                    : [`organization ${place}, connection ${numberOf(held.organizationId, held.connectionId)}`],
                actual: yield* holdersOf(services, instance.organizations, key)
              })
            }
          })
        )
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: fc.array(third, { minLength: 2, maxLength: 5 }),
      check: (instance, organizations, testCase) =>
        Effect.gen(function* () {
          const clients = yield* clientsOf(instance, organizations.length)
          const key = fixtures.profile(instance, 0)
          const finishes = yield* race(
            testCase,
            organizations.map((organization, index) =>
              bind(clients(index), instance.organizations[organization], key, index)
            )
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          testCase.note(
            results
              .map((result, index) => `client ${index} of organization ${organizations[index]}: ${tagOf(result)}`)
              .join(", ")
          )
          yield* mustEqual(`of ${organizations.length} that bound one profile at once, not exactly one did`, {
            expected: [1, organizations.length - 1],
            actual: [
              results.filter(Result.isSuccess).length,
              results.filter((result) => tagOf(result) === "ProfileTaken").length
            ]
          })
          const winner = results.findIndex(Result.isSuccess)
          yield* mustEqual("the profile is not bound to the one that was told so", {
            expected: [`organization ${organizations[winner]}, connection ${winner}`],
            actual: yield* holdersOf(instance.services, instance.organizations, key)
          })
        })
    })
  ]
}

/** What a refusal shows: its fields and its words. */
const shown = (failure: UnitOfWork.CommitError) =>
  JSON.stringify({ ...failure, tag: failure._tag, says: failure.message, cause: String(failure.cause ?? "") })

/** The loser learns nothing about the owner. */
export const repo07: Law<RepositoryInstance> = {
  id: "REPO-07",
  title: "Whoever asks for a profile of another organization learns that it is taken, and nothing else",
  rationale: "Otherwise anyone can find out which agency works for a competitor by trying to connect its profile.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      input: fc.record({ owner: third, step: fc.constantFrom<1 | 2>(1, 2), connection: third, later: fc.boolean() }),
      check: ({ organizations, services, ...instance }, { owner, step, connection, later }, testCase) =>
        Effect.gen(function* () {
          const holder = organizations[owner]
          const stranger = organizations[(owner + step) % 3] ?? holder
          const key = fixtures.profile({ ...instance, organizations, services }, 0)
          yield* bind(services, holder, key, connection)
          if (later) yield* testCase.advance(86_400_000)
          const refused = yield* bind(services, stranger, key, 1)
          if (Result.isSuccess(refused)) {
            return yield* must(false, "a profile of another organization was bound a second time")
          }
          yield* mustEqual("the refusal says more than that the profile is taken", {
            expected: shown(new UnitOfWork.ProfileTaken({ profile: key.externalId })),
            actual: shown(refused.failure)
          })
        })
    })
  ]
}

/** Unlinking frees the profile. */
export const repo08: Law<RepositoryInstance> = {
  id: "REPO-08",
  title: "A profile that was freed can be bound again by anyone; until then by nobody",
  rationale: "A customer who moves to another agency cannot start there while the old binding lives on as a ghost.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { "bound again": 0.5 },
      input: fc.array(fc.record({ organization: third, connection: third, moves: fc.boolean() }), {
        minLength: 1,
        maxLength: 6,
        size: "max"
      }),
      check: (instance, holders, testCase) =>
        Effect.gen(function* () {
          const { organizations, services } = instance
          const key = fixtures.profile(instance, 0)
          let before: (typeof holders)[number] | undefined
          for (const next of holders) {
            const organizationId = organizations[next.organization]
            if (before !== undefined) {
              const former = organizations[before.organization]
              const early = yield* bind(services, organizationId, key, next.connection + 3)
              yield* mustEqual("a bound profile was bound again before it was freed", {
                expected: "ProfileTaken",
                actual: tagOf(early)
              })
              // Freeing what somebody else holds changes nothing.
              yield* free(services, former, key, before.connection + 3)
              yield* mustEqual("a profile was freed by a connection that did not hold it", {
                expected: [`organization ${before.organization}, connection ${before.connection}`],
                actual: yield* holdersOf(services, organizations, key)
              })
              if (next.moves && former === organizationId) {
                yield* services.unitOfWork.commit(
                  fixtures.change(organizationId, {
                    claims: [
                      fixtures.hold(organizationId, key, next.connection),
                      fixtures.release(organizationId, key, before.connection)
                    ]
                  })
                )
                before = next
                continue
              }
              yield* free(services, former, key, before.connection)
              yield* mustEqual("a profile that was freed is still held", {
                expected: [],
                actual: yield* holdersOf(services, organizations, key)
              })
              testCase.label("bound again")
            }
            yield* mustEqual("a profile that nobody holds could not be bound", {
              expected: "ok",
              actual: tagOf(yield* bind(services, organizationId, key, next.connection))
            })
            before = next
          }
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      labels: { "found it free": 0, "found it taken": 0 },
      input: fc.record({ owner: third, other: third }),
      check: (instance, { owner, other }, testCase) =>
        Effect.gen(function* () {
          const { organizations } = instance
          const key = fixtures.profile(instance, 0)
          yield* bind(instance.services, organizations[owner], key, 0)
          const clients = yield* clientsOf(instance, 2)
          yield* Effect.flatMap(
            race<unknown, unknown>(testCase, [
              free(clients(0), organizations[owner], key, 0),
              bind(clients(1), organizations[other], key, 1)
            ]),
            Effect.forEach(({ exit }) => exit)
          )
          const holders = yield* holdersOf(instance.services, organizations, key)
          testCase.note(`afterwards: ${holders.join(", ") || "nobody holds it"}`)
          testCase.label(holders.length > 0 ? "found it free" : "found it taken")
          const again = yield* bind(instance.services, organizations[other], key, 1)
          yield* mustEqual("after the profile was freed, the one that asked for it meanwhile cannot have it", {
            expected: "ok",
            actual: tagOf(again)
          })
          yield* mustEqual("the profile is not bound to the one that asked for it", {
            expected: [`organization ${other}, connection 1`],
            actual: yield* holdersOf(instance.services, organizations, key)
          })
        })
    })
  ]
}

/** Identifiers that lossy columns take for one another. */
const pairs: ReadonlyArray<readonly [what: string, make: (digits: string) => readonly [string, string]]> = [
  ["beyond 2^53", (digits) => [`9${digits}00000992`, `9${digits}00000993`]],
  ["beyond 2^63", (digits) => [`99${digits}000000000992`, `99${digits}000000000993`]],
  ["leading zeros", (digits) => [`00${digits}1`, `${digits}1`]],
  ["case", (digits) => [`A${digits}bC`, `a${digits}Bc`]],
  ["digits and a point", (digits) => [`${digits}1.0`, `${digits}1`]],
  ["exponent", (digits) => [`${digits}e1`, `${digits}0`]],
  ["hyphens", (digits) => [`${digits}-7`, `${digits}7`]],
  ["a long tail", (digits) => [`${digits}${"7".repeat(90)}1`, `${digits}${"7".repeat(90)}2`]]
]

/** Identifiers keep every digit. */
export const repo09: Law<RepositoryInstance> = {
  id: "REPO-09",
  title: "Identifiers of providers are kept to the last digit, zero and letter case",
  rationale: "Profile ids exceed 2^53: rounded, one customer's connection points at another customer's profile.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      minimum: 16,
      input: fc.record({ pair: fc.nat(pairs.length - 1), swapped: fc.boolean(), organization: third }),
      lines: ({ pair, swapped, organization }) => [
        `${pairs[pair]?.[0]}${swapped ? ", swapped" : ""}, second binding by organization ${organization}`
      ],
      check: (instance, { pair, swapped, organization }) =>
        Effect.gen(function* () {
          const {
            organizations: [organizationId],
            services
          } = instance
          const made = (pairs[pair] ?? pairs[0])?.[1](fixtures.caseDigits(instance)) ?? ["1", "2"]
          const [one = "", other = ""] = swapped ? made.toReversed() : made
          const keys = [fixtures.keyOf(one), fixtures.keyOf(other)] as const
          const state = fixtures.connected(organizationId, 0, keys[0])
          yield* services.unitOfWork.commit(
            fixtures.change(organizationId, {
              writes: [fixtures.write("connection", state, 0, [])],
              claims: [fixtures.hold(organizationId, keys[0], 0)]
            })
          )
          yield* mustEqual("a profile reads as bound because another one with a similar identifier is", {
            expected: [one],
            actual: (yield* services.repository.holders(organizationId, keys)).map(({ key }) => String(key.externalId))
          })
          const second = instance.organizations[organization]
          yield* mustEqual("a profile cannot be bound because another one with a similar identifier is", {
            expected: "ok",
            actual: tagOf(yield* bind(services, second, keys[1], 1))
          })
          const found = yield* services.repository.find("connection", organizationId, state.id)
          yield* mustBeSame("an identifier reads otherwise than it was written", {
            expected: state,
            actual: found.state
          })
        })
    })
  ]
}

/** The three organizations, round and round. */
const around = [0, 1, 2, 0, 1] as const

/** A conflict at home is explained. */
export const repo29: Law<RepositoryInstance> = {
  id: "REPO-29",
  title: "When the profile is held within the caller's own organization, the refusal names the account that holds it",
  rationale: "A colleague connected it last week: without a name the person opens a ticket instead of the right page.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "at home": 0.3, stranger: 0.3 },
      input: fc
        .record({ owner: third, step: fc.constantFrom(0, 0, 1, 2), connection: third })
        .map(({ owner, step, connection }) => ({ owner, connection, caller: around[owner + step] ?? 0 })),
      check: (instance, { owner, caller, connection }, testCase) =>
        Effect.gen(function* () {
          const { organizations, services } = instance
          const key = fixtures.profile(instance, 0)
          yield* bind(services, organizations[owner], key, connection)
          testCase.label(owner === caller ? "at home" : "stranger")
          const refused = yield* bind(services, organizations[caller], key, 5)
          const holder = {
            accountId: fixtures.idOf("account", organizations[owner], connection),
            connectionId: fixtures.idOf("connection", organizations[owner], connection)
          }
          yield* mustEqual("a refusal does not explain the conflict to those who may know, and to nobody else", {
            expected: new UnitOfWork.ProfileTaken({ profile: key.externalId, ...(owner === caller ? { holder } : {}) }),
            actual: Result.isFailure(refused) ? refused.failure : "bound"
          })
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 3,
      effort: 0.6,
      input: fc.constantFrom<0 | 1>(0, 1),
      check: (instance, connection, testCase) =>
        Effect.gen(function* () {
          const {
            organizations: [organizationId]
          } = instance
          const key = fixtures.profile(instance, 0)
          yield* bind(instance.services, organizationId, key, connection)
          const clients = yield* clientsOf(instance, 2)
          const results = yield* Effect.flatMap(
            race(testCase, [
              outcome(free(clients(0), organizationId, key, connection)),
              bind(clients(1), organizationId, key, 5)
            ]),
            Effect.forEach(({ exit }) => exit)
          )
          const refused = results[1]
          if (refused === undefined || Result.isSuccess(refused)) return
          yield* mustEqual("next to the freeing, the refusal is not one that was true at some instant", {
            expected: new UnitOfWork.ProfileTaken({
              profile: key.externalId,
              holder: {
                accountId: fixtures.idOf("account", organizationId, connection),
                connectionId: fixtures.idOf("connection", organizationId, connection)
              }
            }),
            actual: refused.failure
          })
        })
    })
  ]
}
