/** REPO-43: the lists of the installation, which its operator reads. */
import { type Advertiser, type Awaited, Id, Text, given } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import { Effect } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { incidentsAndLinks, upsert } from "./incidents.ts"
import { byText, check } from "./support.ts"

type OrganizationId = Id.OrganizationId

/**
 * The directory's cases share their things: each case sets the same few to what it needs, so that the directory of a
 * storage that all cases share does not grow. Things of others may be there, and are left out of account.
 */
const size = 5

/** Follows a list to its end and gives the ids that the case knows. */
const walk = Effect.fnUntraced(function* <E>(
  known: ReadonlyArray<string>,
  limit: number,
  fetch: (page: Repository.PageRequest) => Effect.Effect<Repository.Page<{ readonly id: string }>, E>
) {
  const seen: Array<string> = []
  let cursor: string | undefined
  do {
    const page: Repository.Page<{ readonly id: string }> = yield* fetch({ limit, ...given({ cursor }) })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.next
  } while (cursor !== undefined && seen.length < 10_000)
  return seen.filter((id) => known.includes(id))
})

const names = ["Acme", "\u{ff21}CME", "acme  two", "Zebra"] as const

const entry = fc.record({
  name: fc.constantFrom(...names),
  isAssigned: fc.boolean(),
  isOver: fc.boolean(),
  at: fc.integer({ min: 0, max: 2 })
})

type Entry = typeof entry extends fc.Arbitrary<infer E> ? E : never

const advertiserOf = (
  organizationId: OrganizationId,
  n: number,
  { isAssigned, isOver, name }: Entry
): Advertiser.Present => {
  const { _tag, misses, ...listed } = fixtures.advertiser(Id.installation, Id.installation, n, name)
  const assignment = { tenantId: organizationId, tenantName: "Acme", at: fixtures.instant(), by: fixtures.actor }
  const fields = { ...listed, ...(isAssigned ? { assignment } : {}) }
  return isOver ? { ...fields, _tag: "Lost", lostAt: fixtures.instant() } : { ...fields, _tag, misses }
}

const awaitedOf = (organizationId: OrganizationId, n: number, { at, isOver }: Entry): Awaited.Present => {
  const { _tag, ...waiting } = fixtures.awaited(Id.installation, organizationId, n, at)
  const fields = { ...waiting, id: fixtures.idOf("awaited", Id.installation, n) }
  return isOver ? { ...fields, _tag: "Settled", settledAt: fixtures.instant() } : { ...fields, _tag }
}

/** Everything that the directory holds, and what is asked of it. */
const directory = (assigned: fc.Arbitrary<boolean | undefined>) =>
  fc.record({
    entries: fc.array(entry, { minLength: size, maxLength: size }),
    limit: fc.integer({ min: 1, max: 6 }),
    assigned,
    isOver: fc.option(fc.boolean(), { nil: undefined })
  })

const searching = (...searches: ReadonlyArray<string>) =>
  fc.record({
    nameChoices: fc.array(fc.constantFrom(...names), { minLength: 3, maxLength: 3 }),
    limit: fc.integer({ min: 1, max: 3 }),
    search: fc.constantFrom(...searches)
  })

/** The installation's own lists. */
export const repo43: Law<RepositoryInstance> = {
  id: "REPO-43",
  title:
    "The lists of the installation are complete and in order, and hold nothing that an organization wrote for itself",
  rationale: "An advertiser that an operator does not see is never assigned, and its customer waits for ever.",
  checkFirst:
    "Look at the condition of `advertisers`, `awaited` and `incidents`: rows of `Id.installation` only, and a filter " +
    "of `false` is not an absent one. The search for organizations finds text inside a name, folded as " +
    "`Text.folded` does.",
  see: [
    "Repository.organizations",
    "Repository.advertisers",
    "Repository.awaited",
    "Repository.incidents",
    "Repository.linked"
  ],
  level: core,
  parts: [
    check({
      name: "directory",
      kind: "property",
      effort: 0.6,
      minimum: 14,
      labels: { narrowed: 0.4 },
      input: [directory(fc.boolean()), directory(fc.option(fc.boolean(), { nil: undefined }))],
      check: ({ organizations: [organizationId], services }, { assigned, entries, isOver, limit }, testCase) =>
        Effect.gen(function* () {
          for (const [n, each] of entries.entries()) {
            yield* upsert(services, "advertiser", advertiserOf(organizationId, n, each))
            yield* upsert(services, "awaited", awaitedOf(organizationId, n, each))
          }
          // What lies in an organization is no part of the directory, whatever it is.
          const stray = fixtures.advertiser(organizationId, organizationId, "stray", "Acme")
          yield* services.unitOfWork.commit(
            fixtures.change(organizationId, { writes: [fixtures.write("advertiser", stray, 0, [])] })
          )
          if (assigned !== undefined || isOver !== undefined) testCase.label("narrowed")
          const fits = (each: Entry) => isOver === undefined || each.isOver === isOver
          const advertisers = entries.map((each, n) => ({
            ...each,
            id: fixtures.idOf("advertiser", Id.installation, n)
          }))
          const awaited = entries.map((each, n) => ({ ...each, id: fixtures.idOf("awaited", Id.installation, n) }))
          const { repository } = services
          const ofDirectory: Parameters<typeof repository.advertisers>[0] = {
            ...given({ assigned }),
            ...(isOver === undefined ? {} : { states: [isOver ? "Lost" : "Listed"], region: "WALMART-US" })
          }
          const ofAwaited: Parameters<typeof repository.awaited>[0] =
            isOver === undefined ? {} : { states: [isOver ? "Settled" : "Waiting"] }
          yield* mustEqual("the lists of the installation are not what was written there, in order", {
            expected: {
              advertisers: advertisers
                .filter((each) => fits(each) && (assigned === undefined || each.isAssigned === assigned))
                .toSorted(
                  (one, other) => byText(Text.folded(one.name), Text.folded(other.name)) || byText(one.id, other.id)
                )
                .map(({ id }) => String(id)),
              awaited: awaited
                .filter(fits)
                .toSorted((one, other) => one.at - other.at || byText(one.id, other.id))
                .map(({ id }) => String(id))
            },
            actual: {
              advertisers: yield* walk([...advertisers.map(({ id }) => id), stray.id], limit, (page) =>
                repository.advertisers(ofDirectory, page)
              ),
              awaited: yield* walk(
                awaited.map(({ id }) => id),
                limit,
                (page) => repository.awaited(ofAwaited, page)
              )
            }
          })
        })
    }),
    check({
      name: "incidents",
      kind: "property",
      effort: 0.3,
      minimum: 6,
      input: [fc.array(fc.boolean(), { minLength: size, maxLength: size })],
      check: incidentsAndLinks
    }),
    check({
      name: "organizations",
      kind: "property",
      labels: { found: 0.3 },
      input: [searching(""), searching("ACME ", "two", "zebra")],
      check: ({ organizations, services }, { nameChoices, limit, search }, testCase) =>
        Effect.gen(function* () {
          const mark = organizations[0].slice(-14)
          const named = organizations.map((organizationId, n) => ({
            id: String(organizationId),
            // The mark of the case comes last, so that what is searched for stands in the middle of a name, too.
            name: `${nameChoices[n] ?? "Acme"} ${mark}`
          }))
          for (const [n, organizationId] of organizations.entries()) {
            const state = fixtures.organization(organizationId, named[n]?.name ?? mark)
            yield* services.unitOfWork.commit(
              fixtures.change(organizationId, { writes: [fixtures.write("organization", state, 0, [])] })
            )
          }
          const needle = `${search} ${mark}`
          const expected = named
            .filter(({ name }) => Text.folded(name).includes(Text.folded(needle)))
            .toSorted(
              (one, other) => byText(Text.folded(one.name), Text.folded(other.name)) || byText(one.id, other.id)
            )
          if (expected.length > 0) testCase.label("found")
          yield* mustEqual("searching for organizations does not give those whose names hold it, in order", {
            expected: expected.map(({ id }) => id),
            actual: yield* walk(
              named.map(({ id }) => id),
              limit,
              (page) => services.repository.organizations(needle, page)
            )
          })
        })
    })
  ]
}
