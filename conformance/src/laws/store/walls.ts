/** REPO-19: organizations are worlds apart, in every method of the port. */
import type { Id } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { show } from "../../show.ts"
import { must, mustEqual } from "../../Violation.ts"
import * as material from "./material.ts"
import type { StoreInstance, Stores } from "./StoreInstance.ts"
import { answer, check, mustBeSame, outcome, tagOf, unknownDigests } from "./support.ts"

type OrganizationId = Id.OrganizationId

/** Cursors are sealed with who knows what; whether there is one is all that counts here. */
const paged = <A, E extends Error>(call: Effect.Effect<Repository.Page<A>, E>) =>
  answer(Effect.map(call, ({ items, next }) => ({ items, hasNext: next !== undefined })))

type Calls<Service> = {
  readonly [Method in keyof Service]: (
    stores: Stores,
    asking: OrganizationId,
    about: OrganizationId
  ) => Effect.Effect<unknown>
}

const page = { limit: 3 }

const profileOf = (organizationId: OrganizationId) => material.keyOf(`${organizationId.slice(-14)}.wall`)

/**
 * Each method of the port, asked by one organization about things of its own or of another. A method that the port gains
 * does not compile until it is listed here.
 */
const calls: Calls<Stores["store"]> & Calls<Stores["log"]> & Pick<Calls<Stores["unitOfWork"]>, "idempotentResource"> = {
  find: ({ store }, asking, about) =>
    Effect.all([
      answer(store.find("company", asking, material.idOf("company", about, 0))),
      answer(store.find("account", asking, material.idOf("account", about, 0))),
      answer(store.find("connection", asking, material.idOf("connection", about, 0))),
      answer(store.find("authorization", asking, material.idOf("authorization", about, 0))),
      answer(store.find("invitation", asking, material.idOf("invitation", about, 0))),
      answer(store.find("grant", asking, material.idOf("grant", about, 0))),
      answer(store.find("backfill", asking, material.idOf("backfill", about, 0))),
      answer(store.find("organization", asking, about)),
      answer(store.find("member", asking, material.idOf("member", about, 0))),
      answer(store.find("apiKey", asking, material.idOf("apiKey", about, 0))),
      answer(store.find("advertiser", asking, material.idOf("advertiser", about, 0))),
      answer(store.find("awaited", asking, material.idOf("awaited", about, 0))),
      answer(store.find("consolidation", asking, material.idOf("consolidation", about, 0))),
      answer(store.find("diagnosis", asking, material.idOf("diagnosis", about, 0)))
    ]),
  companies: ({ store }, asking, about) =>
    Effect.all([
      paged(store.companies(asking, {}, page)),
      paged(store.companies(asking, { search: "acme" }, page)),
      paged(store.companies(asking, { companyIds: [material.idOf("company", about, 0)] }, page))
    ]),
  accounts: ({ store }, asking, about) =>
    Effect.all([
      ...(asking === about ? [paged(store.accounts(asking, {}, page))] : []),
      paged(store.accounts(asking, { companyId: material.idOf("company", about, 0) }, page)),
      paged(store.accounts(asking, { accountIds: [material.idOf("account", about, 0)] }, page))
    ]),
  accessibleAccounts: ({ store }, asking, about) =>
    answer(
      Effect.map(
        store.accessibleAccounts(asking, {
          _tag: "Chosen",
          companies: [{ id: material.idOf("company", about, 0), right: "read" }],
          brands: [{ id: material.idOf("brand", about, 0), right: "read" }],
          accounts: [{ id: material.idOf("account", about, 0), right: "read" }]
        }),
        (found) => found.toSorted((one, other) => (one.id < other.id ? -1 : 1))
      )
    ),
  grants: ({ store }, asking, about) =>
    Effect.all([
      ...(asking === about ? [paged(store.grants(asking, {}, page))] : []),
      paged(store.grants(asking, { responsiblePersonId: material.idOf("person", about, "keeper") }, page))
    ]),
  members: ({ store }, asking) => paged(store.members(asking, {}, page)),
  apiKeys: ({ store }, asking) => paged(store.apiKeys(asking, page)),
  // A person is in several organizations at once, and the lookups by digest know none.
  memberships: ({ store }, _asking, about) => answer(store.memberships(material.idOf("person", about, 0))),
  memberByToken: ({ store }, _asking, about) =>
    answer(store.memberByToken(material.digestOf(about, "joins invited 0"))),
  apiKeyByDigest: ({ store }, _asking, about) => answer(store.apiKeyByDigest(material.digestOf(about, "key 0"))),
  // These belong to nobody's organization but to whoever runs the installation; REPO-43 is about them.
  organizations: () => Effect.succeed([]),
  advertisers: () => Effect.succeed([]),
  awaited: () => Effect.succeed([]),
  connections: ({ store }, asking, about) =>
    Effect.all([
      ...(asking === about ? [paged(store.connections(asking, {}, page))] : []),
      paged(store.connections(asking, { companyId: material.idOf("company", about, 0) }, page)),
      paged(store.connections(asking, { accountId: material.idOf("account", about, 0) }, page))
    ]),
  authorizations: ({ store }, asking, about) =>
    Effect.all([
      ...(asking === about ? [paged(store.authorizations(asking, {}, page))] : []),
      paged(store.authorizations(asking, { connectionId: material.idOf("connection", about, 0) }, page))
    ]),
  invitations: ({ store }, asking, about) =>
    Effect.all([
      ...(asking === about ? [paged(store.invitations(asking, {}, page))] : []),
      paged(store.invitations(asking, { connectionId: material.idOf("connection", about, 0) }, page))
    ]),
  connectionsOfGrant: ({ store }, asking, about) =>
    answer(store.connectionsOfGrant(asking, material.idOf("grant", about, 0))),
  backfillOf: ({ store }, asking, about) => answer(store.backfillOf(asking, material.idOf("connection", about, 0))),
  holders: ({ store }, asking, about) => answer(store.holders(asking, [profileOf(about)])),
  // The two lookups by digest know no organization: they give the one thing that the digest belongs to.
  authorizationByState: ({ store }, _asking, about) =>
    answer(store.authorizationByState(material.digestOf(about, "state 0"))),
  invitationByToken: ({ store }, _asking, about) =>
    answer(store.invitationByToken(material.digestOf(about, "token 0"))),
  after: ({ log }, asking, about) => (asking === about ? answer(log.after(asking, 0, 100)) : Effect.succeed([])),
  of: ({ log }, asking, about) =>
    paged(log.of(asking, [material.idOf("company", about, 0), material.idOf("connection", about, 0)], page)),
  all: ({ log }, asking) => paged(log.all(asking, {}, page)),
  // Following never ends where there is nothing to follow; `after` shows the same events.
  follow: () => Effect.succeed([]),
  idempotentResource: ({ unitOfWork }, asking) =>
    answer(unitOfWork.idempotentResource(asking, "key", `asked by ${asking}`))
}

const methods = Object.entries(calls)

const acrossOrganizations: ReadonlySet<string> = new Set([
  "authorizationByState",
  "invitationByToken",
  "memberships",
  "memberByToken",
  "apiKeyByDigest"
])

/** Fills an organization: at least one thing of each kind, all alike but for the ids. */
const populate = (stores: Stores, organizationId: OrganizationId, count: number) =>
  stores.unitOfWork.commit(
    material.change(organizationId, {
      writes: Array.from({ length: count }, (_, n) => n).flatMap((n) => [
        material.writeCompany(material.company(organizationId, n, "Acme"), 0),
        material.write("account", material.account(organizationId, n, 0), 0, []),
        material.write("connection", material.connected(organizationId, n, profileOf(organizationId), 0), 0, [
          { _tag: "Proven", at: material.instant() }
        ]),
        material.write("authorization", material.authorization(organizationId, n, 0), 0, []),
        material.write("invitation", material.link(organizationId, n, 0), 0, []),
        material.write("grant", material.keptGrant(organizationId, n, "keeper"), 0, []),
        material.write("backfill", material.backfill(organizationId, n), 0, []),
        ...(n === 0 ? [material.write("organization", material.organization(organizationId, "Acme"), 0, [])] : []),
        material.write("member", material.member(organizationId, n, `m${n}@example.com`), 0, []),
        material.write("member", material.invited(organizationId, `invited ${n}`, `i${n}@example.com`), 0, []),
        material.write("apiKey", material.apiKey(organizationId, n), 0, []),
        material.write("advertiser", material.advertiser(organizationId, organizationId, n, "Acme"), 0, []),
        material.write("awaited", material.awaited(organizationId, organizationId, n), 0, []),
        material.write("consolidation", material.consolidation(organizationId, n), 0, []),
        material.write("diagnosis", material.diagnosis(organizationId, n), 0, [])
      ]),
      claims: [material.hold(organizationId, profileOf(organizationId), 0)],
      jobs: [material.job(organizationId, 0)],
      idempotency: { key: "key", fingerprint: `asked by ${organizationId}`, resource: `made by ${organizationId}` }
    })
  )

/** Tenant walls hold in every query. */
export const repo19: Law<StoreInstance> = {
  id: "REPO-19",
  title: "No method shows, counts or names anything of another organization",
  rationale: "An agency that sees another agency's customers, even their number, is the end of the product.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      effort: 0.6,
      minimum: 15,
      labels: { "of one's own": 0.3 },
      input: fc.record({ own: fc.integer({ min: 0, max: 3 }), others: fc.integer({ min: 1, max: 4 }) }),
      check: ({ organizations: [own, other, nobody], stores }, { own: mine, others }, trial) =>
        Effect.gen(function* () {
          if (mine > 0) yield* populate(stores, own, mine)
          if (mine > 0) trial.label("of one's own")
          const before = new Map<string, unknown>()
          for (const [method, call] of methods) before.set(method, yield* call(stores, own, own))
          yield* populate(stores, other, others)
          for (const [method, call] of methods) {
            yield* mustBeSame(`${method} shows that another organization has come`, {
              expected: before.get(method),
              actual: yield* call(stores, own, own)
            })
            if (acrossOrganizations.has(method)) continue
            const foreign = yield* call(stores, own, other)
            const absent = yield* call(stores, own, nobody)
            yield* mustEqual(`${method} tells things of another organization from things that never existed`, {
              expected: nameless(absent, nobody),
              actual: nameless(foreign, other)
            })
          }
        })
    }),
    check({
      name: "digests",
      kind: "property",
      effort: 0.4,
      minimum: 14,
      input: fc
        .record({ first: fc.constantFrom<0 | 1>(0, 1), unknown: fc.nat(unknownDigests.length - 1) })
        .map(({ first, unknown }) => ({ first, unknown: unknownDigests[unknown] ?? unknownDigests[0] })),
      lines: ({ first, unknown: [what] }) => [`organization ${first} first, an unknown digest: ${what}`],
      check: ({ organizations, stores }, { first, unknown }) =>
        Effect.gen(function* () {
          for (const n of [first, 1 - first] as const) yield* populate(stores, organizations[n] ?? organizations[0], 2)
          for (const organizationId of organizations.slice(0, 2)) {
            const authorization = yield* stores.store.authorizationByState(material.digestOf(organizationId, "state 1"))
            const link = yield* stores.store.invitationByToken(material.digestOf(organizationId, "token 1"))
            yield* mustBeSame("a digest did not lead to what it belongs to", {
              expected: [material.authorization(organizationId, 1, 0), material.link(organizationId, 1, 0)],
              actual: [authorization.state, link.state]
            })
          }
          const nobody = material.digestOf(organizations[2], "state 0")
          yield* mustBeSame("an unknown digest is not answered like every other", {
            expected: [
              yield* answer(stores.store.authorizationByState(nobody)),
              yield* answer(stores.store.invitationByToken(nobody))
            ],
            actual: [
              yield* answer(
                stores.store.authorizationByState(unknown[1](material.digestOf(organizations[0], "state 1")))
              ),
              yield* answer(stores.store.invitationByToken(unknown[1](material.digestOf(organizations[0], "token 1"))))
            ]
          })
        })
    }),
    check({
      name: "writes",
      kind: "property",
      minimum: 12,
      effort: 0.5,
      input: fc.record({
        what: fc.constantFrom("state" as const, "work" as const, "profile" as const, "key" as const),
        expected: fc.integer({ min: 1, max: 2 })
      }),
      check: ({ organizations: [own, other], stores }, { what, expected }) =>
        Effect.gen(function* () {
          yield* populate(stores, other, 1)
          const before = yield* Effect.forEach(methods, ([, call]) => call(stores, other, other))
          const foreign = { ...material.company(own, 0, "taken over"), id: material.idOf("company", other, 0) }
          const attempts = {
            state: { writes: [material.writeCompany(foreign, expected)] },
            work: { completes: material.job(other, 0).id },
            profile: {
              claims: [
                { ...material.release(own, profileOf(other), 0), connectionId: material.idOf("connection", other, 0) }
              ]
            },
            key: { idempotency: { key: "key", fingerprint: "asked by a stranger", resource: "made by a stranger" } }
          } as const
          const answers = { state: "VersionConflict", work: "JobGone", profile: "ok", key: "ok" } as const
          const result = yield* outcome(stores.unitOfWork.commit(material.change(own, attempts[what])))
          yield* mustEqual(`a change that reaches for another organization's ${what} met the wrong answer`, {
            expected: answers[what],
            actual: tagOf(result)
          })
          if (Result.isFailure(result) && result.failure._tag === "VersionConflict") {
            yield* mustEqual("a refusal tells the version of another organization's aggregate", {
              expected: 0,
              actual: result.failure.found
            })
          }
          yield* mustBeSame(`a change that reaches for another organization's ${what} changed it`, {
            expected: before,
            actual: yield* Effect.forEach(methods, ([, call]) => call(stores, other, other))
          })
          const done = yield* outcome(
            stores.unitOfWork.commit(material.change(other, { completes: material.job(other, 0).id }))
          )
          yield* must(Result.isSuccess(done), "another organization completed the work")
        })
    })
  ]
}

/** Takes the ids of an organization's things out of an answer. */
const nameless = (value: unknown, organizationId: OrganizationId): string =>
  (
    [
      "company",
      "account",
      "connection",
      "authorization",
      "invitation",
      "grant",
      "backfill",
      "member",
      "apiKey",
      "advertiser",
      "awaited",
      "consolidation",
      "diagnosis"
    ] as const
  )
    .reduce((text, kind) => text.replaceAll(material.idOf(kind, organizationId, 0), `<${kind}>`), show(value))
    .replaceAll(organizationId, "<organization>")
