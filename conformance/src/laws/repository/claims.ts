/** REPO-06 and 08: a profile belongs to one connection, until it is freed. */
import { Profile } from "@portolan/domain"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { commandsAfter } from "./commandGenerator.ts"
import { walk } from "./commandRunner.ts"
import * as fixtures from "./fixtures/index.ts"
import { sameAccount } from "./sameAccount.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, clientsOf, mustBeSame, tagOf } from "./support.ts"
import { numberOf, holdersOf, third, bind, free } from "./claimSupport.ts"

/** A profile belongs to one account. */
export const repo06: Law<RepositoryInstance> = {
  id: "REPO-06",
  title: "Across all organizations a profile is bound to one connection at most",
  rationale: "Two agencies that both load and change one advertiser's campaigns undo each other's work, and pay twice.",
  checkFirst:
    "Look at the unique index of bound profiles: it spans all organizations, so the organization is no part of it. " +
    "Binding relies on the index and not on a look beforehand.",
  see: ["Claim"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { taken: 0.4, accepted: 0.5 },
      input: commandsAfter("a profile asked for twice", { claims: 10, organizations: 3 }),
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
    sameAccount,
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

/** A connection that holds the profile for a while; it hands it over itself if it `moves` within the organization. */
export const holder = (moves: fc.Arbitrary<boolean>) => fc.record({ organization: third, connection: third, moves })

const holders = (minLength: number) => fc.array(holder(fc.boolean()), { minLength, maxLength: 6, size: "max" })

/** Unlinking frees the profile. */
export const repo08: Law<RepositoryInstance> = {
  id: "REPO-08",
  title: "A profile that was freed can be bound again by anyone; until then by nobody",
  rationale: "A customer who moves to another agency cannot start there while the old binding lives on as a ghost.",
  checkFirst:
    "Look at what `Release` leaves behind: a row marked as freed must not count in the unique index. Its condition " +
    "names organization and connection, and within one change releases come before bindings.",
  see: ["Claim"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { "bound again": 0.5 },
      // Two that hold the profile one after the other, and others after them.
      input: [
        fc
          .tuple(holder(fc.constant(false)), holder(fc.constant(false)), holders(0))
          .map(([one, next, others]) => [one, next, ...others]),
        holders(1)
      ],
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
