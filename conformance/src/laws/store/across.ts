/** REPO-41 and 43: the few reads that know no organization show what they are for, and nothing beside it. */
import { type Advertiser, type Aggregate, type Awaited, Id, type Member, Text } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import * as material from "./material.ts"
import type { StoreInstance, Stores } from "./StoreInstance.ts"
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

const memberOf = (
  { organizations }: StoreInstance,
  n: number,
  { at, organization, person, stage }: Membership
): Member.Present => {
  const organizationId = organizations[organization]
  const personId = material.idOf("person", organizations[0], person)
  if (stage === "invited") return material.invited(organizationId, n, address, at)
  const {
    email,
    id,
    name: _name,
    role: _role,
    accessScope: _reach,
    joinedAt,
    _tag,
    ...rest
  } = material.member(organizationId, n, address, personId, at)
  return stage === "active"
    ? material.member(organizationId, n, address, personId, at)
    : { ...rest, _tag: "Gone", id, email, because: "left", at: joinedAt, by: material.actor }
}

const write = (stores: Stores, next: Member.Present, expected = 0) =>
  stores.unitOfWork.commit(
    material.change(next.organizationId, { writes: [material.write("member", next, expected, [])] })
  )

/** Lookups across organizations are narrow. */
export const repo41: Law<StoreInstance> = {
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
      input: fc.array(memberships, { minLength: 1, maxLength: 7 }),
      check: (instance, list, trial) =>
        Effect.gen(function* () {
          const { organizations, stores } = instance
          const members = list.map((each, n) => memberOf(instance, n, each))
          for (const each of members) yield* write(stores, each)
          for (const person of [0, 1] as const) {
            const personId = material.idOf("person", organizations[0], person)
            const expected = members
              .flatMap((each, n) => {
                const at = list[n]?.at ?? 0
                return each._tag === "Active" && each.personId === personId ? [{ each, at }] : []
              })
              .toSorted((one, other) => one.at - other.at || byText(one.each.id, other.each.id))
              .map(({ each }) => each)
            if (new Set(expected.map(({ organizationId }) => organizationId)).size > 1)
              trial.label("several organizations")
            yield* mustBeSame("a person does not find exactly the organizations that it is a member of, oldest first", {
              expected,
              actual: yield* stores.store.memberships(personId)
            })
          }
          if (members.some(({ _tag }) => _tag !== "Active")) trial.label("no longer or not yet")
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
      check: ({ organizations, stores }, { first, unknown }) =>
        Effect.gen(function* () {
          const { store } = stores
          for (const n of [first, 1 - first] as const) {
            const organizationId = organizations[n] ?? organizations[0]
            yield* stores.unitOfWork.commit(
              material.change(organizationId, {
                writes: [0, 1].flatMap((each) => [
                  material.write("apiKey", material.apiKey(organizationId, each), 0, []),
                  material.write("member", material.invited(organizationId, each, address), 0, [])
                ])
              })
            )
          }
          for (const organizationId of organizations.slice(0, 2)) {
            const joining = yield* store.memberByToken(material.digestOf(organizationId, "joins 1"))
            const key = yield* store.apiKeyByDigest(material.digestOf(organizationId, "key 1"))
            yield* mustBeSame("a digest did not lead to what it belongs to", {
              expected: [material.invited(organizationId, 1, address), material.apiKey(organizationId, 1)],
              actual: [joining.state, key.state]
            })
          }
          const nobody = material.digestOf(organizations[2], "nothing")
          yield* mustBeSame("an unknown digest is not answered like every other", {
            expected: [yield* answer(store.memberByToken(nobody)), yield* answer(store.apiKeyByDigest(nobody))],
            actual: [
              yield* answer(store.memberByToken(unknown[1](material.digestOf(organizations[0], "joins 1")))),
              yield* answer(store.apiKeyByDigest(unknown[1](material.digestOf(organizations[0], "key 1"))))
            ]
          })
          yield* write(stores, material.member(organizations[0], 1, address), 1)
          const used = yield* outcome(store.memberByToken(material.digestOf(organizations[0], "joins 1")))
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
  stores: Stores,
  kind: K,
  next: Aggregate.Present<K>
) {
  const found = yield* outcome(stores.store.find(kind, Id.installation, next.id))
  const expected = Result.isSuccess(found) ? found.success.version : 0
  yield* stores.unitOfWork.commit(
    material.change(Id.installation, { writes: [material.write(kind, next, expected, [])] })
  )
})

/** Follows a list to its end and gives the ids that the case knows. */
const walk = Effect.fnUntraced(function* <E>(
  known: ReadonlyArray<string>,
  limit: number,
  ask: (page: Repository.PageRequest) => Effect.Effect<Repository.Page<{ readonly id: string }>, E>
) {
  const seen: Array<string> = []
  let cursor: string | undefined
  do {
    const page: Repository.Page<{ readonly id: string }> = yield* ask({
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
  const { _tag, misses, ...listed } = material.advertiser(Id.installation, Id.installation, n, name)
  const assignment = { tenantId: organizationId, tenantName: "Acme", at: material.instant(), by: material.actor }
  const fields = { ...listed, ...(isAssigned ? { assignment } : {}) }
  return isOver ? { ...fields, _tag: "Lost", lostAt: material.instant() } : { ...fields, _tag, misses }
}

const awaitedOf = (organizationId: OrganizationId, n: number, { at, isOver }: Entry): Awaited.Present => {
  const { _tag, ...waiting } = material.awaited(Id.installation, organizationId, n, at)
  const fields = { ...waiting, id: material.idOf("awaited", Id.installation, n) }
  return isOver ? { ...fields, _tag: "Settled", settledAt: material.instant() } : { ...fields, _tag }
}

/** The installation's own lists. */
export const repo43: Law<StoreInstance> = {
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
      input: fc.record({
        entries: fc.array(entry, { minLength: size, maxLength: size }),
        limit: fc.integer({ min: 1, max: 6 }),
        assigned: fc.option(fc.boolean(), { nil: undefined }),
        isOver: fc.option(fc.boolean(), { nil: undefined })
      }),
      check: ({ organizations: [organizationId], stores }, { assigned, entries, isOver, limit }, trial) =>
        Effect.gen(function* () {
          for (const [n, each] of entries.entries()) {
            yield* upsert(stores, "advertiser", advertiserOf(organizationId, n, each))
            yield* upsert(stores, "awaited", awaitedOf(organizationId, n, each))
          }
          // What lies in an organization is no part of the directory, whatever it is.
          const stray = material.advertiser(organizationId, organizationId, "stray", "Acme")
          yield* stores.unitOfWork.commit(
            material.change(organizationId, { writes: [material.write("advertiser", stray, 0, [])] })
          )
          if (assigned !== undefined || isOver !== undefined) trial.label("narrowed")
          const fits = (each: Entry) => isOver === undefined || each.isOver === isOver
          const advertisers = entries.map((each, n) => ({
            ...each,
            id: material.idOf("advertiser", Id.installation, n)
          }))
          const awaited = entries.map((each, n) => ({ ...each, id: material.idOf("awaited", Id.installation, n) }))
          const { store } = stores
          const ofDirectory: Parameters<typeof store.advertisers>[0] = {
            ...(assigned === undefined ? {} : { assigned }),
            ...(isOver === undefined ? {} : { states: [isOver ? "Lost" : "Listed"], region: "WALMART-US" })
          }
          const ofAwaited: Parameters<typeof store.awaited>[0] =
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
                store.advertisers(ofDirectory, page)
              ),
              awaited: yield* walk(
                awaited.map(({ id }) => id),
                limit,
                (page) => store.awaited(ofAwaited, page)
              )
            }
          })
        })
    }),
    check({
      name: "organizations",
      kind: "property",
      labels: { found: 0.3 },
      input: fc.record({
        chosen: fc.array(fc.constantFrom(...names), { minLength: 3, maxLength: 3 }),
        limit: fc.integer({ min: 1, max: 3 }),
        search: fc.constantFrom("", "ACME ", "two", "zebra")
      }),
      check: ({ organizations, stores }, { chosen, limit, search }, trial) =>
        Effect.gen(function* () {
          const mark = organizations[0].slice(-14)
          const named = organizations.map((organizationId, n) => ({
            id: String(organizationId),
            name: `${mark} ${chosen[n] ?? "Acme"}`
          }))
          for (const [n, organizationId] of organizations.entries()) {
            const state = material.organization(organizationId, named[n]?.name ?? mark)
            yield* stores.unitOfWork.commit(
              material.change(organizationId, { writes: [material.write("organization", state, 0, [])] })
            )
          }
          const wanted = `${mark} ${search}`
          const expected = named
            .filter(({ name }) => Text.folded(name).includes(Text.folded(wanted)))
            .toSorted(
              (one, other) => byText(Text.folded(one.name), Text.folded(other.name)) || byText(one.id, other.id)
            )
          if (expected.length > 0) trial.label("found")
          yield* mustEqual("searching for organizations does not give those whose names hold it, in order", {
            expected: expected.map(({ id }) => id),
            actual: yield* walk(
              named.map(({ id }) => id),
              limit,
              (page) => stores.store.organizations(wanted, page)
            )
          })
        })
    })
  ]
}
