/** REPO-21: rules over several aggregates hold when changes overlap. */
import type { Id } from "@portolan/domain"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, clientsOf, outcome, tagOf } from "./support.ts"

/** No write skew on shared rules. */
export const repo21: Law<RepositoryInstance> = {
  id: "REPO-21",
  title: "Changes that are each valid alone and invalid together are not both accepted",
  rationale: "Each of two admins removes the other, having seen that one remains: nobody can get in any more.",
  checkFirst:
    "Look at writes without events: their versions are checked as well, because the change rests on them. All " +
    "profiles of a change are bound in one transaction, in one fixed order so that two changes do not deadlock.",
  sources: [
    {
      fact: "Write skew is the anomaly A5B of Berenson and others (1995).",
      url: "https://doi.org/10.1145/223784.223785"
    }
  ],
  see: ["UnitOfWork.commit"],
  level: core,
  parts: [
    check({
      name: "guards",
      kind: "race",
      interleavings: 4,
      input: fc.integer({ min: 2, max: 4 }),
      check: (instance, count, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, count)
          const { repository, unitOfWork } = instance.services
          const all = Array.from({ length: count }, (_, n) => n)
          // The rule: somebody stays. Each client saw all as they are, sends one away, and counts on all others.
          yield* unitOfWork.commit(
            fixtures.change(organizationId, {
              writes: all.map((n) => fixtures.writeCompany(fixtures.company(organizationId, n, "stays"), 0))
            })
          )
          const finishes = yield* race(
            testCase,
            all.map((own) =>
              outcome(
                clients(own).unitOfWork.commit(
                  fixtures.change(organizationId, {
                    writes: all.map((n) =>
                      n === own
                        ? fixtures.writeCompany(fixtures.company(organizationId, n, "leaves"), 1)
                        : fixtures.write("company", fixtures.company(organizationId, n, "stays"), 1, [])
                    )
                  })
                )
              )
            )
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          testCase.note(results.map((result, index) => `client ${index}: ${tagOf(result)}`).join(", "))
          const names = yield* Effect.forEach(all, (n) =>
            Effect.map(
              repository.find("company", organizationId, fixtures.idOf("company", organizationId, n)),
              ({ state }) => String(state.name)
            )
          )
          yield* mustEqual(`${count} changes that rule each other out were accepted together`, {
            expected: { accepted: 1, left: 1 },
            actual: {
              accepted: results.filter(Result.isSuccess).length,
              left: names.filter((name) => name === "leaves").length
            }
          })
        })
    }),
    check({
      name: "claims",
      kind: "race",
      interleavings: 4,
      input: fc.record({
        orders: fc.array(fc.shuffledSubarray([0, 1, 2], { minLength: 2 }), { minLength: 2, maxLength: 4 }),
        sameOrganization: fc.boolean()
      }),
      check: (instance, { orders, sameOrganization }, testCase) =>
        Effect.gen(function* () {
          const clients = yield* clientsOf(instance, orders.length)
          const whose = (client: number): Id.OrganizationId =>
            instance.organizations[sameOrganization ? 0 : client % 3] ?? instance.organizations[0]
          // Any two of the clients want a profile in common, and take them in different orders.
          const finishes = yield* race(
            testCase,
            orders.map((order, client) =>
              outcome(
                clients(client).unitOfWork.commit(
                  fixtures.change(whose(client), {
                    claims: order.map((n) => fixtures.hold(whose(client), fixtures.profile(instance, n), client))
                  })
                )
              )
            )
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          testCase.note(
            results
              .map((result, index) => `client ${index} of ${orders[index]?.join(",")}: ${tagOf(result)}`)
              .join(", ")
          )
          const winners = results.flatMap((result, client) => (Result.isSuccess(result) ? [client] : []))
          yield* mustEqual("of several that bound overlapping sets of profiles, not exactly one was accepted", {
            expected: [1, orders.length - 1],
            actual: [winners.length, results.filter((result) => tagOf(result) === "ProfileTaken").length]
          })
          const [winner = 0] = winners
          for (const [client, order] of orders.entries()) {
            const keys = order.map((n) => fixtures.profile(instance, n))
            const held = yield* instance.services.repository.holders(whose(client), keys)
            const own = held.filter(
              ({ connectionId }) => connectionId === fixtures.idOf("connection", whose(client), client)
            )
            yield* mustEqual("a set of profiles was bound in part", {
              expected: client === winner ? order.length : 0,
              actual: own.length
            })
          }
        })
    })
  ]
}
