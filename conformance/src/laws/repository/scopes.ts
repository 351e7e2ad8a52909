/** Accounts and access scopes for REPO-40. */
import { Access, type Connection, type Id } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { Effect } from "effect"
import * as fc from "fast-check"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"

type OrganizationId = Id.OrganizationId

/** The largest page. */
export const page = { limit: Repository.pageLimit }

/** The ids of a list, sorted. */
export const idsOf = <E>(list: Effect.Effect<Repository.Page<{ readonly id: string }>, E>) =>
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

/** The id of a company's brand. */
export const brandOf = (organizationId: OrganizationId, company: number, brand: number) =>
  fixtures.idOf("brand", organizationId, `${company} ${brand}`)

/** The `n`-th account of an organization. */
export const accountOf = (organizationId: OrganizationId, n: number, { brand, company, isRemoved }: Made) => {
  const brandIds = [brandOf(organizationId, company, brand)] as const
  const { _tag, ...account } = fixtures.account(organizationId, n, company)
  const open = { ...account, _tag: "Open" as const, brandIds, defaultBrandId: brandIds[0] }
  return isRemoved
    ? { ...open, _tag: "Removed" as const, removedAt: fixtures.instant(), removedBy: fixtures.actor }
    : open
}

/** Accounts, each with a company, two authorizations, a connection and a link. */
export const fill = Effect.fnUntraced(function* (
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
export const shownOf = (
  organizationId: OrganizationId,
  numbers: ReadonlyArray<number>,
  accounts: ReadonlyArray<Made>
) => ({
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

/** Any accounts. */
export const accounts = fc.array(made, { minLength: 1, maxLength: 6 })

/** Accounts of which one is removed, and a scope that shows the first of them and not the second. */
export const someVisible = fc
  .record({ first: made, others: fc.array(made, { minLength: 1, maxLength: 5 }), more: fc.subarray([2, 3, 4, 5]) })
  .map(({ first, more, others }) => ({
    accounts: [{ ...first, isRemoved: true }, ...others],
    visible: [0, ...more.filter((n) => n <= others.length)]
  }))

/** Any accounts, and some of them that are visible, or none, or all. */
export const anyVisible = accounts.chain((all) =>
  fc.record({ accounts: fc.constant(all), visible: fc.subarray(all.map((_, n) => n)) })
)

/** Any right. */
export const right = fc.constantFrom<Access.Right>("read", "write")

/** An access: accounts, and the companies, brands and accounts among them that it is limited to. */
interface Scoped {
  readonly accounts: ReadonlyArray<Made>
  readonly companies: ReadonlyArray<number>
  readonly brands: ReadonlyArray<readonly [company: number, brand: number]>
  readonly selected: ReadonlyArray<number>
  readonly right: Access.Right
}

/** Any accounts and any limit. */
export const anyScope: fc.Arbitrary<Scoped> = fc.record({
  accounts,
  companies: fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { maxLength: 1 }),
  brands: fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 1 })), {
    maxLength: 2,
    selector: (pair) => pair.join()
  }),
  selected: fc.uniqueArray(fc.nat(5), { maxLength: 1 }),
  right
})

/** The first account is visible by its brand, the second not at all. */
export const visibleByBrand: fc.Arbitrary<Scoped> = fc
  .record({ first: fc.boolean(), second: fc.boolean(), others: fc.array(made, { maxLength: 4 }), right })
  .map(({ first, others, right, second }) => ({
    accounts: [{ company: 0, brand: 0, isRemoved: first }, { company: 1, brand: 0, isRemoved: second }, ...others],
    companies: [],
    brands: [[0, 0]],
    selected: [],
    right
  }))

/** What a connection of the part `filters` is like. */
export interface Standing {
  readonly isLinked: boolean
  /** Milliseconds after the first instant; undefined for a consent without an end. */
  readonly endsAt: number | undefined
  readonly isAbroad: boolean
  readonly isRequest: boolean
  readonly isPaused: boolean
  readonly isWithdrawn: boolean
}

/** The `n`-th connection of an organization, in United States unless it is abroad. */
export const connectionOf = (
  instance: RepositoryInstance,
  { endsAt, isAbroad, isLinked, isPaused, isWithdrawn }: Standing,
  n: number
): Connection.Present => {
  const [organizationId] = instance.organizations
  const linked = fixtures.connected(organizationId, n, fixtures.profile(instance, n))
  const link = endsAt === undefined ? linked.link : { ...linked.link, expiresAt: fixtures.instant(endsAt) }
  const abroad = isAbroad ? { marketplaceId: fixtures.marketplaceOf("A2EUQ1WTGCTBG2") } : {}
  if (isLinked) {
    const paused = isPaused ? { paused: { at: fixtures.instant(0), by: fixtures.actor } } : {}
    return { ...linked, link, ...paused, ...abroad }
  }
  const proposed = { ...fixtures.proposed(organizationId, n), ...abroad }
  return isWithdrawn
    ? { ...proposed, _tag: "Withdrawn", withdrawnAt: fixtures.instant(), withdrawnBy: fixtures.actor }
    : proposed
}

/**
 * A connection for the part `filters`: whether it is linked or paused, or else left with its marketplace, and when its
 * consent ends, in milliseconds.
 */
export const standings: fc.Arbitrary<Standing> = fc.record({
  isLinked: fc.constantFrom(true, true, false),
  endsAt: fc.constantFrom(undefined, 0, 1, 1, 2),
  isAbroad: fc.boolean(),
  isRequest: fc.boolean(),
  isPaused: fc.boolean(),
  isWithdrawn: fc.boolean()
})
