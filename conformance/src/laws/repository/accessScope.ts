/** REPO-40: lists that are narrowed show what the filter says, and what somebody reaches is what his access says. */
import { Access, Connection, type Id } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { check } from "./support.ts"

type OrganizationId = Id.OrganizationId

const page = { limit: Repository.pageLimit }

const idsOf = <E>(list: Effect.Effect<Repository.Page<{ readonly id: string }>, E>) =>
  Effect.map(list, ({ items }) => items.map(({ id }) => id).toSorted())

/** One account: of which company, with which of its brands, and whether it is in use. */
interface Made {
  readonly company: number
  readonly brand: number
  readonly isRemoved: boolean
}

const made: fc.Arbitrary<Made> = fc.record({
  company: fc.integer({ min: 0, max: 2 }),
  brand: fc.integer({ min: 0, max: 1 }),
  isRemoved: fc.boolean()
})

const brandOf = (organizationId: OrganizationId, company: number, brand: number) =>
  fixtures.idOf("brand", organizationId, `${company} ${brand}`)

const accountOf = (organizationId: OrganizationId, n: number, { brand, company, isRemoved }: Made) => {
  const brandIds = [brandOf(organizationId, company, brand)] as const
  const { _tag, ...account } = fixtures.account(organizationId, n, company)
  const open = { ...account, _tag: "Open" as const, brandIds, defaultBrandId: brandIds[0] }
  return isRemoved
    ? { ...open, _tag: "Removed" as const, removedAt: fixtures.instant(), removedBy: fixtures.actor }
    : open
}

/** Accounts, each with a company, two authorizations, a connection and a link. */
const fill = Effect.fnUntraced(function* (
  services: Services,
  organizationId: OrganizationId,
  accounts: ReadonlyArray<Made>
) {
  const companies = [0, 1, 2].map((n) => fixtures.writeCompany(fixtures.company(organizationId, n, `Company ${n}`), 0))
  const writes = accounts.flatMap((each, n) => [
    fixtures.write("account", accountOf(organizationId, n, each), 0, []),
    fixtures.write("connection", fixtures.proposed(organizationId, n, each.company), 0, []),
    fixtures.write("authorization", fixtures.authorization(organizationId, n), 0, []),
    fixtures.write("authorization", fixtures.authorization(organizationId, `${n} again`, n), 0, []),
    fixtures.write("invitation", fixtures.link(organizationId, n), 0, [])
  ])
  yield* services.unitOfWork.commit(fixtures.change(organizationId, { writes: [...companies, ...writes] }))
})

/** Ids of the accounts with these numbers, and what each list has to show of them. */
const shownOf = (organizationId: OrganizationId, numbers: ReadonlyArray<number>, accounts: ReadonlyArray<Made>) => ({
  accounts: numbers
    .filter((n) => accounts[n]?.isRemoved === false)
    .map((n) => fixtures.idOf("account", organizationId, n))
    .toSorted(),
  removed: numbers
    .filter((n) => accounts[n]?.isRemoved === true)
    .map((n) => fixtures.idOf("account", organizationId, n))
    .toSorted(),
  connections: numbers.map((n) => fixtures.idOf("connection", organizationId, n)).toSorted(),
  authorizations: numbers
    .flatMap((n) => [n, `${n} again`].map((each) => fixtures.idOf("authorization", organizationId, each)))
    .toSorted(),
  invitations: numbers.map((n) => fixtures.idOf("invitation", organizationId, n)).toSorted()
})

const accounts = fc.array(made, { minLength: 1, maxLength: 6 })

/** Accounts of which one is removed, and a scope that reaches the first of them and not the second. */
const someReached = fc
  .record({ first: made, others: fc.array(made, { minLength: 1, maxLength: 5 }), more: fc.subarray([2, 3, 4, 5]) })
  .map(({ first, more, others }) => ({
    accounts: [{ ...first, isRemoved: true }, ...others],
    reached: [0, ...more.filter((n) => n <= others.length)]
  }))

const anyReached = accounts.chain((all) =>
  fc.record({ accounts: fc.constant(all), reached: fc.subarray(all.map((_, n) => n)) })
)

const right = fc.constantFrom<Access.Right>("read", "write")

/** An access: accounts, and the companies, brands and accounts among them that it is limited to. */
interface Scoped {
  readonly accounts: ReadonlyArray<Made>
  readonly companies: ReadonlyArray<number>
  readonly brands: ReadonlyArray<readonly [company: number, brand: number]>
  readonly selected: ReadonlyArray<number>
  readonly right: Access.Right
}

const anyScope: fc.Arbitrary<Scoped> = fc.record({
  accounts,
  companies: fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { maxLength: 1 }),
  brands: fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 1 })), {
    maxLength: 2,
    selector: (pair) => pair.join()
  }),
  selected: fc.uniqueArray(fc.nat(5), { maxLength: 1 }),
  right
})

/** The first account is reached by its brand, the second not at all. */
const reachedByBrand: fc.Arbitrary<Scoped> = fc
  .record({ first: fc.boolean(), second: fc.boolean(), others: fc.array(made, { maxLength: 4 }), right })
  .map(({ first, others, right, second }) => ({
    accounts: [{ company: 0, brand: 0, isRemoved: first }, { company: 1, brand: 0, isRemoved: second }, ...others],
    companies: [],
    brands: [[0, 0]],
    selected: [],
    right
  }))

/** How a connection of the last part stands: whether it is linked and paused, and when its consent ends, in milliseconds. */
const standings = fc.record({
  isLinked: fc.constantFrom(true, true, false),
  endsAt: fc.constantFrom(undefined, 0, 1, 1, 2),
  isAbroad: fc.boolean(),
  isRequest: fc.boolean(),
  isPaused: fc.boolean()
})

/** Reach is exact. */
export const repo40: Law<RepositoryInstance> = {
  id: "REPO-40",
  title: "A list that is narrowed shows exactly what its filter says; narrowed to nothing, it shows nothing",
  rationale:
    "An agency's freelancer may see two accounts of forty: one more is a leak, one less is a day of searching, and a " +
    "reach that is empty must never read as no limit at all.",
  level: core,
  parts: [
    check({
      name: "lists",
      kind: "property",
      labels: { "nothing reached": 0.1, "some reached": 0.3, removed: 0.3 },
      input: [someReached, fc.record({ accounts, reached: fc.constant<Array<number>>([]) }), anyReached],
      check: ({ organizations: [organizationId, other], services }, { accounts, reached }, testCase) =>
        Effect.gen(function* () {
          yield* fill(services, organizationId, accounts)
          yield* fill(services, other, accounts)
          testCase.label(
            reached.length === 0 ? "nothing reached" : reached.length < accounts.length ? "some reached" : "all reached"
          )
          if (accounts.some(({ isRemoved }) => isRemoved)) testCase.label("removed")
          const accountIds = reached.map((n) => fixtures.idOf("account", organizationId, n))
          const companies = [...new Set(reached.flatMap((n) => accounts[n]?.company ?? []))].map((n) =>
            fixtures.idOf("company", organizationId, n)
          )
          const { repository } = services
          yield* mustEqual(
            "lists that are narrowed to the accounts of a reach do not show exactly what belongs to them",
            {
              expected: { ...shownOf(organizationId, reached, accounts), companies: companies.toSorted() },
              actual: {
                accounts: yield* idsOf(repository.accounts(organizationId, { accountIds }, page)),
                removed: yield* idsOf(repository.accounts(organizationId, { accountIds, states: ["Removed"] }, page)),
                connections: yield* idsOf(repository.connections(organizationId, { accountIds }, page)),
                authorizations: yield* idsOf(repository.authorizations(organizationId, { accountIds }, page)),
                invitations: yield* idsOf(repository.invitations(organizationId, { accountIds }, page)),
                companies: yield* idsOf(repository.companies(organizationId, { companyIds: companies }, page))
              }
            }
          )
        })
    }),
    check({
      name: "accessScope",
      kind: "property",
      labels: { "some reached": 0.3, "by brand": 0.2 },
      input: [reachedByBrand, anyScope],
      check: ({ organizations: [organizationId, other], services }, input, testCase) =>
        Effect.gen(function* () {
          const { accounts, right } = input
          yield* fill(services, organizationId, accounts)
          yield* fill(services, other, accounts)
          const accessScope: Access.Limited = {
            _tag: "Chosen",
            companies: input.companies.map((n) => ({ id: fixtures.idOf("company", organizationId, n), right })),
            brands: input.brands.map(([company, brand]) => ({ id: brandOf(organizationId, company, brand), right })),
            accounts: input.selected.map((n) => ({ id: fixtures.idOf("account", organizationId, n), right }))
          }
          const all = accounts.map((each, n) => {
            const { brandIds, companyId, id } = accountOf(organizationId, n, each)
            return { id, companyId, brandIds }
          })
          const expected = all.filter((account) => Access.canSee(accessScope, account))
          if (expected.length > 0 && expected.length < all.length) testCase.label("some reached")
          if (expected.some((account) => Access.canSee({ ...accessScope, companies: [], accounts: [] }, account)))
            testCase.label("by brand")
          const byId = (one: { readonly id: string }, another: { readonly id: string }) =>
            one.id < another.id ? -1 : 1
          yield* mustEqual("a limited access does not reach exactly the accounts that it was given", {
            expected: expected.toSorted(byId),
            actual: (yield* services.repository.accessibleAccounts(organizationId, accessScope)).toSorted(byId)
          })
        })
    }),
    check({
      name: "filters",
      kind: "property",
      labels: { "ends exactly then": 0.2 },
      // In every other case the first connection ends at the very instant that the filter names.
      input: [
        fc
          .tuple(standings, fc.array(standings, { maxLength: 4, size: "max" }))
          .map(([first, others]) => ({ all: [{ ...first, isLinked: true, endsAt: 1 }, ...others], before: 1 })),
        fc.record({
          all: fc.array(standings, { minLength: 1, maxLength: 5, size: "max" }),
          before: fc.constantFrom(0, 1, 1, 1, 2, 3)
        })
      ],
      check: (instance, { all, before }, testCase) =>
        Effect.gen(function* () {
          const {
            organizations: [organizationId],
            services
          } = instance
          const abroad = fixtures.marketplaceOf("A2EUQ1WTGCTBG2")
          const connections = all.map(({ endsAt, isAbroad, isLinked, isPaused }, n): Connection.Present => {
            const linked = fixtures.connected(organizationId, n, fixtures.profile(instance, n))
            const link = endsAt === undefined ? linked.link : { ...linked.link, expiresAt: fixtures.instant(endsAt) }
            return {
              ...(isLinked
                ? { ...linked, link, ...(isPaused ? { paused: { at: fixtures.instant(0), by: fixtures.actor } } : {}) }
                : fixtures.proposed(organizationId, n)),
              ...(isAbroad ? { marketplaceId: abroad } : {})
            }
          })
          const links = all.map(({ isRequest }, n) =>
            isRequest ? fixtures.request(organizationId, n) : fixtures.link(organizationId, n)
          )
          yield* services.unitOfWork.commit(
            fixtures.change(organizationId, {
              writes: [
                ...connections.map((each) => fixtures.write("connection", each, 0, [])),
                ...links.map((each) => fixtures.write("invitation", each, 0, []))
              ]
            })
          )
          const expiresBefore = fixtures.instant(before)
          const ends = (each: Connection.Present) => (Connection.isLinked(each) ? each.link.expiresAt : undefined)
          if (connections.some((each) => isInstant(ends(each), expiresBefore))) testCase.label("ends exactly then")
          const ids = (isListed: (n: number) => boolean, kind: "connection" | "invitation") =>
            all.flatMap((_, n) => (isListed(n) ? [String(fixtures.idOf(kind, organizationId, n))] : [])).toSorted()
          const { repository } = services
          yield* mustEqual("lists that are narrowed do not show exactly what their filters say", {
            expected: {
              ending: ids((n) => {
                const end = connections[n] === undefined ? undefined : ends(connections[n])
                return end !== undefined && DateTime.isLessThan(end, expiresBefore)
              }, "connection"),
              abroad: ids((n) => all[n]?.isAbroad === true, "connection"),
              linked: ids((n) => all[n]?.isLinked === true, "connection"),
              paused: ids((n) => all[n]?.isLinked === true && all[n].isPaused, "connection"),
              running: ids((n) => !(all[n]?.isLinked === true && all[n].isPaused), "connection"),
              none: [],
              requests: ids((n) => all[n]?.isRequest === true, "invitation"),
              others: ids((n) => all[n]?.isRequest === false, "invitation")
            },
            actual: {
              ending: yield* idsOf(repository.connections(organizationId, { expiresBefore }, page)),
              abroad: yield* idsOf(repository.connections(organizationId, { marketplaceId: abroad }, page)),
              linked: yield* idsOf(repository.connections(organizationId, { states: ["Connected", "Limited"] }, page)),
              paused: yield* idsOf(repository.connections(organizationId, { paused: true }, page)),
              running: yield* idsOf(repository.connections(organizationId, { paused: false }, page)),
              none: yield* idsOf(repository.connections(organizationId, { states: [] }, page)),
              requests: yield* idsOf(repository.invitations(organizationId, { requests: true }, page)),
              others: yield* idsOf(repository.invitations(organizationId, { requests: false }, page))
            }
          })
        })
    })
  ]
}

const isInstant = (one: DateTime.Utc | undefined, other: DateTime.Utc) =>
  one !== undefined && DateTime.toEpochMillis(one) === DateTime.toEpochMillis(other)
