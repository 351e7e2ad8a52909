/** REPO-46: a profile that is bound under a mere claim keeps nobody of another organization out. */
import type { Id, Profile } from "@portolan/domain"
import { UnitOfWork } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { bind, free, holdersOf } from "./claimSupport.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { check, clientsOf, outcome, tagOf } from "./support.ts"

/** Binds a profile to connection `n` under an id that nothing proves. */
const claim = (services: Services, organizationId: Id.OrganizationId, key: Profile.Key, n: number) =>
  outcome(
    services.unitOfWork.commit(
      fixtures.change(organizationId, { claims: [fixtures.holdClaimed(organizationId, key, n)] })
    )
  )

const orders = fc.constantFrom<readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2]>([0, 1, 2], [1, 2, 0], [2, 0, 1], [1, 0, 2])

/** What is only claimed excludes nobody; what is proven excludes other proofs, and nobody is told of it. */
export const repo46: Law<RepositoryInstance> = {
  id: "REPO-46",
  title: "A claimed hold keeps out nobody of another organization, and a proven one counts for all",
  rationale:
    "Whoever writes another seller's public id into the address could keep that seller out of the installation, or " +
    "learn from a refusal that the seller is a customer.",
  checkFirst:
    "Look at the unique index across organizations: it leaves out rows that are claimed. Holding anew without " +
    "`claimed` has to meet that index, and never makes a proven hold a claim again.",
  see: ["Claim"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      input: orders,
      check: (instance, [first, second, third]) =>
        Effect.gen(function* () {
          const { organizations, services } = instance
          const key = fixtures.profile(instance, 0)
          const [one, other, last] = [organizations[first], organizations[second], organizations[third]]
          const must = (violation: string, expected: unknown, actual: unknown) =>
            mustEqual(violation, { expected, actual })
          yield* must("a claim was refused", "ok", tagOf(yield* claim(services, one, key, 0)))
          yield* must("a claim kept another claim out", "ok", tagOf(yield* claim(services, other, key, 1)))
          yield* must("a claim kept a proof out", "ok", tagOf(yield* bind(services, other, key, 1)))
          yield* must("a proof answered a claim of others", "ok", tagOf(yield* claim(services, last, key, 2)))
          yield* must("a proven hold became a claim again", "ok", tagOf(yield* claim(services, other, key, 1)))
          const refused = yield* bind(services, one, key, 0)
          yield* must(
            "a second proof was not refused, or was told whose the first is",
            new UnitOfWork.ProfileTaken({ profile: key.externalId }),
            Result.isFailure(refused) ? refused.failure : "bound"
          )
          const atHome = yield* claim(services, one, key, 3)
          const holder = {
            accountId: fixtures.idOf("account", one, 0),
            connectionId: fixtures.idOf("connection", one, 0)
          }
          yield* must(
            "two connections of one organization hold a profile",
            new UnitOfWork.ProfileTaken({ profile: key.externalId, holder }),
            Result.isFailure(atHome) ? atHome.failure : "bound"
          )
          yield* must(
            "a claim got lost beside a proof",
            [[`organization ${first}, connection 0`], [`organization ${second}, connection 1`]],
            [
              (yield* holdersOf(services, organizations, key)).filter((text) =>
                text.startsWith(`organization ${first},`)
              ),
              (yield* holdersOf(services, organizations, key)).filter((text) =>
                text.startsWith(`organization ${second},`)
              )
            ]
          )
          yield* free(services, other, key, 1)
          yield* must("a proof was refused after the other was freed", "ok", tagOf(yield* bind(services, one, key, 0)))
          yield* must("two proofs hold a profile", "ProfileTaken", tagOf(yield* bind(services, other, key, 1)))
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: orders,
      check: (instance, order, testCase) =>
        Effect.gen(function* () {
          const key = fixtures.profile(instance, 0)
          const organizations = order.map((index) => instance.organizations[index])
          for (const organizationId of organizations) yield* claim(instance.services, organizationId, key, 0)
          const clients = yield* clientsOf(instance, organizations.length)
          const finishes = yield* race(
            testCase,
            organizations.map((organizationId, index) => bind(clients(index), organizationId, key, 0))
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          yield* mustEqual("of three claims that were proven at once, not exactly one counts for all", {
            expected: [1, 2],
            actual: [
              results.filter(Result.isSuccess).length,
              results.filter((result) => tagOf(result) === "ProfileTaken").length
            ]
          })
        })
    })
  ]
}
