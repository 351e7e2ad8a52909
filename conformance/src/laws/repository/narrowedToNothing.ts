/** The part of REPO-40 about filters that are empty, and REPO-49: the backfill that counts. */
import { Aggregate, Id } from "@portolan/domain"
import { Effect } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import { upsert } from "./incidents.ts"
import { profileOf } from "./everyMethod.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { check, outcome } from "./support.ts"
import { fill } from "./scopes.ts"

type OrganizationId = RepositoryInstance["organizations"][0]

const page = { limit: 10, countUpTo: 10 }

/** Each choice of several that a method takes, with nothing to choose from. */
const nothings = ({ log, repository }: Services, of: OrganizationId, companyId: Id.CompanyId) => ({
  "companies, companyIds": repository.companies(of, { companyIds: [] }, page),
  "companies, states": repository.companies(of, { states: [] }, page),
  "accounts, accountIds": repository.accounts(of, { accountIds: [] }, page),
  "accounts, accountIds of a company": repository.accounts(of, { companyId, accountIds: [] }, page),
  "accounts, states": repository.accounts(of, { states: [] }, page),
  "connections, accountIds": repository.connections(of, { accountIds: [] }, page),
  "connections, accountIds of a company": repository.connections(of, { companyId, accountIds: [] }, page),
  "connections, states": repository.connections(of, { states: [] }, page),
  "authorizations, accountIds": repository.authorizations(of, { accountIds: [] }, page),
  "authorizations, states": repository.authorizations(of, { states: [] }, page),
  "invitations, accountIds": repository.invitations(of, { accountIds: [] }, page),
  "invitations, states": repository.invitations(of, { states: [] }, page),
  "grants, states": repository.grants(of, { states: [] }, page),
  "members, states": repository.members(of, { states: [] }, page),
  "advertisers, states": repository.advertisers({ states: [] }, page),
  "awaited, states": repository.awaited({ states: [] }, page),
  "history, aggregates": log.of(of, [], page),
  "all, kinds": log.all(of, { kinds: [] }, page)
})

/** A choice of none is not a choice of all. */
export const nothing = check({
  name: "nothing",
  kind: "property",
  effort: 0.1,
  minimum: 3,
  input: fc.integer({ min: 1, max: 3 }),
  check: ({ organizations: [organizationId], services }, count) =>
    Effect.gen(function* () {
      const made = Array.from({ length: count }, () => ({ company: 0, brand: 0, isRemoved: false }))
      yield* fill(services, organizationId, made)
      const { grant, hold, member, write } = fixtures
      yield* services.unitOfWork.commit(
        fixtures.change(organizationId, {
          writes: [
            write("grant", grant(organizationId, 0, "grantor"), 0, []),
            write("member", member(organizationId, 0, "ada@example.com"), 0, []),
            fixtures.writeCompany(fixtures.company(organizationId, "last", "Acme"), 0)
          ],
          claims: [hold(organizationId, profileOf(organizationId), 0)]
        })
      )
      yield* upsert(services, "advertiser", fixtures.advertiser(Id.installation, Id.installation, 0, "Acme"))
      yield* upsert(services, "awaited", fixtures.awaited(Id.installation, Id.installation, 0, 0))
      const companyId = fixtures.idOf("company", organizationId, 0)
      for (const [what, list] of Object.entries(nothings(services, organizationId, companyId))) {
        const { items, next, total } = yield* list
        yield* mustEqual(`a list that is narrowed to nothing shows something: ${what}`, {
          expected: { items: 0, next: undefined, total: { count: 0, isCapped: false } },
          actual: { items: items.length, next, total }
        })
      }
      const { repository } = services
      const nobody = { _tag: "Limited" as const, companies: [], brands: [], accounts: [] }
      yield* mustEqual("an access scope of nothing shows something, or no profile is held by somebody", {
        expected: [[], []],
        actual: [
          yield* repository.accessibleAccounts(organizationId, nobody),
          yield* repository.holders(organizationId, [])
        ]
      })
    })
})

/** The `k`-th backfill of connection `n`: its id is younger the larger `k` is. */
const backfill = (organizationId: OrganizationId, n: number, k: number): Aggregate.Present<"backfill"> => {
  const entropy = new Uint8Array(fixtures.digest(organizationId, n, k)).slice(0, Id.entropyBytes)
  return { ...fixtures.backfill(organizationId, n), id: Id.make("backfill", 1_700_000_000_000 + k, entropy) }
}

/** The load that began last counts. */
export const repo49: Law<RepositoryInstance> = {
  id: "REPO-49",
  title: "Of several loads of one connection the one that began last is given, whatever was written last",
  rationale:
    "A connection that was linked anew is loaded anew. A page that shows the load from before shows a customer days " +
    "that were never fetched, and says that all is well.",
  checkFirst:
    "Look at the order of the query: by the id, descending, because ids sort by the time at which they were made. " +
    "The order of rows in a table or a map is nobody's promise.",
  see: ["Repository.backfillOf"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { "the last is not the youngest": 0.2 },
      input: fc.tuple(
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 1 }),
        fc.constantFrom<"each" | "at once">("each", "at once"),
        fc.array(fc.nat({ max: 3 }), { maxLength: 2 })
      ),
      check: ({ organizations: [organizationId, other], services }, [order, how, again], testCase) =>
        Effect.gen(function* () {
          const { repository, unitOfWork } = services
          const write = (k: number, expected = 0, n = 0) =>
            fixtures.write("backfill", backfill(organizationId, n, k), expected, [])
          const all = order.map((k) => write(k))
          for (const writes of how === "each" ? all.map((each) => [each]) : [all]) {
            yield* unitOfWork.commit(fixtures.change(organizationId, { writes }))
          }
          // A load of another connection, of another organization, and one that goes on.
          yield* unitOfWork.commit(fixtures.change(organizationId, { writes: [write(9, 0, 1)] }))
          const foreign = { ...backfill(other, 0, 9), connectionId: fixtures.idOf("connection", organizationId, 0) }
          yield* unitOfWork.commit(fixtures.change(other, { writes: [fixtures.write("backfill", foreign, 0, [])] }))
          const first = again.find((k) => order.includes(k)) ?? 0
          if (order.includes(first)) {
            yield* unitOfWork.commit(fixtures.change(organizationId, { writes: [write(first, 1)] }))
          }
          const youngest = Math.max(...order)
          if (order.at(-1) !== youngest || first !== youngest) testCase.label("the last is not the youngest")
          const found = yield* outcome(
            repository.backfillOf(organizationId, fixtures.idOf("connection", organizationId, 0))
          )
          yield* mustEqual("of several loads of a connection another one than the youngest is given", {
            expected: String(backfill(organizationId, 0, youngest).id),
            actual: found._tag === "Success" ? String(found.success.state.id) : found.failure._tag
          })
        })
    })
  ]
}
