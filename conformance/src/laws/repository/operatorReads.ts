/** REPO-41 and 43: the few reads that know no organization show what they are for, and nothing beside it. */
import { type Advertiser, type Aggregate, type Awaited, Id, type Member, Text } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { opening } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { answer, check, mustBeSame, outcome, tagOf, unknownDigests } from "./support.ts"

type OrganizationId = Id.OrganizationId

const byText = (one: string, other: string) => Buffer.from(one).compare(Buffer.from(other))

const third = fc.constantFrom<0 | 1 | 2>(0, 1, 2)

const address = "ada@example.com"

/** A membership of one of two persons in one of three organizations, at some stage. */
const memberships = fc.record({
  organization: third,
  person: fc.constantFrom<0 | 1>(0, 1),
  at: fc.integer({ min: 0, max: 2 }),
  stage: fc.constantFrom("active" as const, "active" as const, "invited" as const, "gone" as const)
})

type Membership = typeof memberships extends fc.Arbitrary<infer M> ? M : never

/** One person in two organizations, and one who has left. */
const workplaces: ReadonlyArray<Membership> = [
  { organization: 0, person: 0, at: 1, stage: "active" },
  { organization: 1, person: 0, at: 0, stage: "active" },
  { organization: 2, person: 1, at: 0, stage: "gone" }
]

const memberOf = (
  { organizations }: RepositoryInstance,
  n: number,
  { at, organization, person, stage }: Membership
): Member.Present => {
  const organizationId = organizations[organization]
  const personId = fixtures.idOf("person", organizations[0], person)
  if (stage === "invited") return fixtures.invited(organizationId, n, address, at)
  const {
    email,
    id,
    name: _name,
    role: _role,
    accessScope: _reach,
    joinedAt,
    _tag,
    ...rest
  } = fixtures.member(organizationId, n, address, personId, at)
  return stage === "active"
    ? fixtures.member(organizationId, n, address, personId, at)
    : { ...rest, _tag: "Gone", id, email, because: "left", at: joinedAt, by: fixtures.actor }
}

const write = (services: Services, next: Member.Present, expected = 0) =>
  services.unitOfWork.commit(
    fixtures.change(next.organizationId, { writes: [fixtures.write("member", next, expected, [])] })
  )

/** Lookups across organizations are narrow. */
export const repo41: Law<RepositoryInstance> = {
  id: "REPO-41",
  title: "A person finds every organization it is a member of, and a digest the one thing it belongs to: no others",
  rationale:
    "Who signs in must find every workplace of his, and never that of a namesake or of a former employer; a guessed " +
    "token must open nothing.",
  level: core,
  parts: [
    check({
      name: "persons",
      kind: "property",
      labels: { "several organizations": 0.3, "no longer or not yet": 0.3 },
      input: [
        opening(workplaces, fc.array(memberships, { maxLength: 5 })),
        fc.array(memberships, { minLength: 1, maxLength: 7 })
      ],
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const { organizations, services } = instance
          const members = list.map((each, n) => memberOf(instance, n, each))
          for (const each of members) yield* write(services, each)
          for (const person of [0, 1] as const) {
            const personId = fixtures.idOf("person", organizations[0], person)
            const expected = members
              .flatMap((each, n) => {
                const at = list[n]?.at ?? 0
                return each._tag === "Active" && each.personId === personId ? [{ each, at }] : []
              })
              .toSorted((one, other) => one.at - other.at || byText(one.each.id, other.each.id))
              .map(({ each }) => each)
            if (new Set(expected.map(({ organizationId }) => organizationId)).size > 1)
              testCase.label("several organizations")
            yield* mustBeSame("a person does not find exactly the organizations that it is a member of, oldest first", {
              expected,
              actual: yield* services.repository.memberships(personId)
            })
          }
          if (members.some(({ _tag }) => _tag !== "Active")) testCase.label("no longer or not yet")
        })
    }),
    check({
      name: "digests",
      kind: "property",
      effort: 0.6,
      minimum: 14,
      input: fc
        .record({ first: fc.constantFrom<0 | 1>(0, 1), unknown: fc.nat(unknownDigests.length - 1) })
        .map(({ first, unknown }) => ({ first, unknown: unknownDigests[unknown] ?? unknownDigests[0] })),
      lines: ({ first, unknown: [what] }) => [`organization ${first} first, an unknown digest: ${what}`],
      check: ({ organizations, services }, { first, unknown }) =>
        Effect.gen(function* () {
          const { repository } = services
          for (const n of [first, 1 - first] as const) {
            const organizationId = organizations[n] ?? organizations[0]
            yield* services.unitOfWork.commit(
              fixtures.change(organizationId, {
                writes: [0, 1].flatMap((each) => [
                  fixtures.write("apiKey", fixtures.apiKey(organizationId, each), 0, []),
                  fixtures.write("member", fixtures.invited(organizationId, each, address), 0, [])
                ])
              })
            )
          }
          for (const organizationId of organizations.slice(0, 2)) {
            const invitee = yield* repository.memberByToken(fixtures.digestOf(organizationId, "joins 1"))
            const key = yield* repository.apiKeyByDigest(fixtures.digestOf(organizationId, "key 1"))
            yield* mustBeSame("a digest did not lead to what it belongs to", {
              expected: [fixtures.invited(organizationId, 1, address), fixtures.apiKey(organizationId, 1)],
              actual: [invitee.state, key.state]
            })
          }
          const nobody = fixtures.digestOf(organizations[2], "nothing")
          yield* mustBeSame("an unknown digest is not answered like every other", {
            expected: [
              yield* answer(repository.memberByToken(nobody)),
              yield* answer(repository.apiKeyByDigest(nobody))
            ],
            actual: [
              yield* answer(repository.memberByToken(unknown[1](fixtures.digestOf(organizations[0], "joins 1")))),
              yield* answer(repository.apiKeyByDigest(unknown[1](fixtures.digestOf(organizations[0], "key 1"))))
            ]
          })
          yield* write(services, fixtures.member(organizations[0], 1, address), 1)
          const used = yield* outcome(repository.memberByToken(fixtures.digestOf(organizations[0], "joins 1")))
          yield* mustEqual("an invitation that was accepted is found by its token", {
            expected: "NotFound",
            actual: tagOf(used)
          })
        })
    })
  ]
}

/**
 * The directory's cases share their things: each case sets the same few to what it needs, so that the directory of a storage
 * that all cases share does not grow. Things of others may be there, and are left out of account.
 */
const size = 5

const upsert = Effect.fnUntraced(function* <K extends "advertiser" | "awaited">(
  services: Services,
  kind: K,
  next: Aggregate.Present<K>
) {
  const found = yield* outcome(services.repository.find(kind, Id.installation, next.id))
  const expected = Result.isSuccess(found) ? found.success.version : 0
  yield* services.unitOfWork.commit(
    fixtures.change(Id.installation, { writes: [fixtures.write(kind, next, expected, [])] })
  )
})

/** Follows a list to its end and gives the ids that the case knows. */
const walk = Effect.fnUntraced(function* <E>(
  known: ReadonlyArray<string>,
  limit: number,
  fetch: (page: Repository.PageRequest) => Effect.Effect<Repository.Page<{ readonly id: string }>, E>
) {
  const seen: Array<string> = []
  let cursor: string | undefined
  do {
    const page: Repository.Page<{ readonly id: string }> = yield* fetch({
      limit,
      ...(cursor === undefined ? {} : { cursor })
    })
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
            ...(assigned === undefined ? {} : { assigned }),
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
