/** REPO-40: lists that are narrowed show what the filter says, and access scopes show what they say. */
import { Access, Connection } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import { nothing } from "./narrowedToNothing.ts"
import { removedCompanies } from "./removedCompanies.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check } from "./support.ts"
import {
  someVisible,
  accounts,
  anyVisible,
  fill,
  shownOf,
  idsOf,
  page,
  visibleByBrand,
  anyScope,
  brandOf,
  accountOf,
  connectionOf,
  standings
} from "./scopes.ts"

/** Filters and access scopes are exact. */
export const repo40: Law<RepositoryInstance> = {
  id: "REPO-40",
  title: "A list that is narrowed shows exactly what its filter says; narrowed to nothing, it shows nothing",
  rationale:
    "An agency's freelancer may see two accounts of forty: one more is a leak, one less is a day of searching, and " +
    "an access scope that is empty must never read as no limit at all.",
  checkFirst:
    "Look at how filters are tested: an empty list admits nothing, an absent one admits everything, and `false` is a " +
    "value. Then look for the list whose query lacks the condition on accounts, brands or states.",
  sources: [
    {
      fact: "Amazon names marketplaces by identifiers such as A2EUQ1WTGCTBG2, Canada.",
      url: "https://developer-docs.amazon.com/sp-api/docs/marketplace-ids"
    }
  ],
  see: [
    "Repository.companies",
    "Repository.accounts",
    "Repository.connections",
    "Repository.invitations",
    "Repository.accessibleAccounts"
  ],
  level: core,
  parts: [
    check({
      name: "lists",
      kind: "property",
      labels: { "nothing visible": 0.1, "some visible": 0.3, removed: 0.3 },
      input: [someVisible, fc.record({ accounts, visible: fc.constant<Array<number>>([]) }), anyVisible],
      check: ({ organizations: [organizationId, other], services }, { accounts, visible }, testCase) =>
        Effect.gen(function* () {
          yield* fill(services, organizationId, accounts)
          yield* fill(services, other, accounts)
          if (visible.length === 0) testCase.label("nothing visible")
          else testCase.label(visible.length < accounts.length ? "some visible" : "all visible")
          if (accounts.some(({ isRemoved }) => isRemoved)) testCase.label("removed")
          const accountIds = visible.map((n) => fixtures.idOf("account", organizationId, n))
          const companies = [...new Set(visible.flatMap((n) => accounts[n]?.company ?? []))].map((n) =>
            fixtures.idOf("company", organizationId, n)
          )
          const { repository } = services
          yield* mustEqual(
            "lists that are narrowed to the accounts of an access scope do not show exactly what belongs to them",
            {
              expected: { ...shownOf(organizationId, visible, accounts), companies: companies.toSorted() },
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
      labels: { "some visible": 0.3, "by brand": 0.2 },
      input: [visibleByBrand, anyScope],
      check: ({ organizations: [organizationId, other], services }, input, testCase) =>
        Effect.gen(function* () {
          const { accounts, right } = input
          yield* fill(services, organizationId, accounts)
          yield* fill(services, other, accounts)
          const accessScope: Access.Limited = {
            _tag: "Limited",
            companies: input.companies.map((n) => ({ id: fixtures.idOf("company", organizationId, n), right })),
            brands: input.brands.map(([company, brand]) => ({ id: brandOf(organizationId, company, brand), right })),
            accounts: input.selected.map((n) => ({ id: fixtures.idOf("account", organizationId, n), right }))
          }
          const all = accounts.map((each, n) => {
            const { brandIds, companyId, id } = accountOf(organizationId, n, each)
            return { id, companyId, brandIds }
          })
          const expected = all.filter((account) => Access.canSee(accessScope, account))
          if (expected.length > 0 && expected.length < all.length) testCase.label("some visible")
          if (expected.some((account) => Access.canSee({ ...accessScope, companies: [], accounts: [] }, account)))
            testCase.label("by brand")
          const byId = (one: { readonly id: string }, another: { readonly id: string }) =>
            one.id < another.id ? -1 : 1
          yield* mustEqual("an access scope does not show exactly the accounts that it was given", {
            expected: expected.toSorted(byId),
            actual: (yield* services.repository.accessibleAccounts(organizationId, accessScope)).toSorted(byId)
          })
        })
    }),
    removedCompanies,
    nothing,
    check({
      name: "filters",
      kind: "property",
      labels: { "ends exactly then": 0.2, withdrawn: 0.3 },
      // In every other case the first connection ends at the very instant that the filter names.
      input: [
        fc
          .tuple(standings, fc.array(standings, { maxLength: 4, size: "max" }))
          .map(([first, others]) => ({ all: [{ ...first, isLinked: true, endsAt: 1 }, ...others], before: 1 })),
        // In the others it left with its marketplace.
        fc
          .tuple(standings, fc.array(standings, { maxLength: 4, size: "max" }), fc.constantFrom(0, 1, 1, 1, 2, 3))
          .map(([first, others, before]) => ({
            all: [{ ...first, isLinked: false, isWithdrawn: true }, ...others],
            before
          }))
      ],
      check: (instance, { all, before }, testCase) =>
        Effect.gen(function* () {
          const {
            organizations: [organizationId],
            services
          } = instance
          const abroad = fixtures.marketplaceOf("A2EUQ1WTGCTBG2")
          const connections = all.map((each, n) => connectionOf(instance, each, n))
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
          const isListed = (n: number) => connections[n]?._tag !== "Withdrawn"
          if (!connections.every((_, n) => isListed(n))) testCase.label("withdrawn")
          yield* mustEqual("lists that are narrowed do not show exactly what their filters say", {
            expected: {
              ending: ids((n) => {
                const end = connections[n] === undefined ? undefined : ends(connections[n])
                return end !== undefined && DateTime.isLessThan(end, expiresBefore)
              }, "connection"),
              listed: ids(isListed, "connection"),
              withdrawn: ids((n) => !isListed(n), "connection"),
              abroad: ids((n) => isListed(n) && all[n]?.isAbroad === true, "connection"),
              linked: ids((n) => all[n]?.isLinked === true, "connection"),
              paused: ids((n) => all[n]?.isLinked === true && all[n].isPaused, "connection"),
              running: ids((n) => isListed(n) && !(all[n]?.isLinked === true && all[n].isPaused), "connection"),
              none: [],
              requests: ids((n) => all[n]?.isRequest === true, "invitation"),
              others: ids((n) => all[n]?.isRequest === false, "invitation")
            },
            actual: {
              ending: yield* idsOf(repository.connections(organizationId, { expiresBefore }, page)),
              listed: yield* idsOf(repository.connections(organizationId, {}, page)),
              withdrawn: yield* idsOf(repository.connections(organizationId, { states: ["Withdrawn"] }, page)),
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
