/** REPO-07 and 29: a refusal explains a conflict at home, and says nothing about other organizations. */
import { UnitOfWork } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, clientsOf, outcome } from "./support.ts"
import { third, bind, free } from "./claimSupport.ts"

const causeOf = ({ cause }: { readonly cause?: unknown }) => (cause instanceof Error ? cause.message : cause)

/** What a refusal shows: its fields and its words. */
const shown = (failure: UnitOfWork.CommitError) =>
  JSON.stringify({ ...failure, tag: failure._tag, says: failure.message, cause: causeOf(failure) })

/** The loser learns nothing about the owner. */
export const repo07: Law<RepositoryInstance> = {
  id: "REPO-07",
  title: "A caller that asks for a profile of another organization learns that it is taken, and nothing else",
  rationale: "Otherwise anyone can find out which agency works for a competitor by trying to connect its profile.",
  checkFirst:
    "Look at how a violation of the unique index becomes ProfileTaken: without the database's own words, and without " +
    "a holder unless the caller's organization holds the profile.",
  see: ["ProfileTaken"],
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

/** The three organizations, round and round. */
const around = [0, 1, 2, 0, 1] as const

/** An organization that holds a profile, and the caller, so many organizations further on. */
const conflict = (...steps: ReadonlyArray<number>) =>
  fc
    .record({ owner: third, step: fc.constantFrom(...steps), connection: third })
    .map(({ owner, step, connection }) => ({ owner, connection, caller: around[owner + step] ?? 0 }))

/** A conflict at home is explained. */
export const repo29: Law<RepositoryInstance> = {
  id: "REPO-29",
  title: "When the profile is held within the caller's own organization, the refusal names the account that holds it",
  rationale: "A colleague connected it last week: without a name the person opens a ticket instead of the right page.",
  checkFirst:
    "Look at where the holder in ProfileTaken comes from: from the stored row and not from the refused change. It is " +
    "left out if it belongs to another organization.",
  see: ["ProfileTaken"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "at home": 0.3, stranger: 0.3 },
      input: [conflict(0), conflict(1, 2)],
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
