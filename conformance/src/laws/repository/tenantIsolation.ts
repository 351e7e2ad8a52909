/** REPO-19: organizations are worlds apart, in every method of the port. */
import type { Id } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { show } from "../../show.ts"
import { must, mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { answer, check, mustBeSame, outcome, tagOf, unknownDigests } from "./support.ts"

type OrganizationId = Id.OrganizationId

/** Cursors are sealed with who knows what; whether there is one is all that counts here. */
const paged = <A, E extends Error>(call: Effect.Effect<Repository.Page<A>, E>) =>
  answer(Effect.map(call, ({ items, next }) => ({ items, hasNext: next !== undefined })))

type Calls<Service> = {
  readonly [Method in keyof Service]: (
    services: Services,
    caller: OrganizationId,
    about: OrganizationId
  ) => Effect.Effect<unknown>
}

const page = { limit: 3 }

const profileOf = (organizationId: OrganizationId) => fixtures.keyOf(`${organizationId.slice(-14)}.wall`)

/**
 * Each method of the port, asked by one organization about things of its own or of another. A method that the port gains
 * does not compile until it is listed here.
 */
const calls: Calls<Services["repository"]> &
  Calls<Services["log"]> &
  Pick<Calls<Services["unitOfWork"]>, "idempotentResource"> = {
  find: ({ repository }, caller, about) =>
    Effect.all([
      answer(repository.find("company", caller, fixtures.idOf("company", about, 0))),
      answer(repository.find("account", caller, fixtures.idOf("account", about, 0))),
      answer(repository.find("connection", caller, fixtures.idOf("connection", about, 0))),
      answer(repository.find("authorization", caller, fixtures.idOf("authorization", about, 0))),
      answer(repository.find("invitation", caller, fixtures.idOf("invitation", about, 0))),
      answer(repository.find("grant", caller, fixtures.idOf("grant", about, 0))),
      answer(repository.find("backfill", caller, fixtures.idOf("backfill", about, 0))),
      answer(repository.find("organization", caller, about)),
      answer(repository.find("member", caller, fixtures.idOf("member", about, 0))),
      answer(repository.find("apiKey", caller, fixtures.idOf("apiKey", about, 0))),
      answer(repository.find("advertiser", caller, fixtures.idOf("advertiser", about, 0))),
      answer(repository.find("awaited", caller, fixtures.idOf("awaited", about, 0))),
      answer(repository.find("consolidation", caller, fixtures.idOf("consolidation", about, 0))),
      answer(repository.find("diagnosis", caller, fixtures.idOf("diagnosis", about, 0)))
    ]),
  companies: ({ repository }, caller, about) =>
    Effect.all([
      paged(repository.companies(caller, {}, page)),
      paged(repository.companies(caller, { search: "acme" }, page)),
      paged(repository.companies(caller, { companyIds: [fixtures.idOf("company", about, 0)] }, page))
    ]),
  accounts: ({ repository }, caller, about) =>
    Effect.all([
      ...(caller === about ? [paged(repository.accounts(caller, {}, page))] : []),
      paged(repository.accounts(caller, { companyId: fixtures.idOf("company", about, 0) }, page)),
      paged(repository.accounts(caller, { accountIds: [fixtures.idOf("account", about, 0)] }, page))
    ]),
  reachable: ({ repository }, caller, about) =>
    answer(
      Effect.map(
        repository.reachable(caller, {
          _tag: "Chosen",
          companies: [{ id: fixtures.idOf("company", about, 0), right: "read" }],
          brands: [{ id: fixtures.idOf("brand", about, 0), right: "read" }],
          accounts: [{ id: fixtures.idOf("account", about, 0), right: "read" }]
        }),
        (found) => found.toSorted((one, other) => (one.id < other.id ? -1 : 1))
      )
    ),
  grants: ({ repository }, caller, about) =>
    Effect.all([
      ...(caller === about ? [paged(repository.grants(caller, {}, page))] : []),
      paged(repository.grants(caller, { keeperId: fixtures.idOf("person", about, "keeper") }, page))
    ]),
  members: ({ repository }, caller) => paged(repository.members(caller, {}, page)),
  apiKeys: ({ repository }, caller) => paged(repository.apiKeys(caller, page)),
  // A person is in several organizations at once, and the lookups by digest know none.
  memberships: ({ repository }, _caller, about) => answer(repository.memberships(fixtures.idOf("person", about, 0))),
  memberByToken: ({ repository }, _caller, about) =>
    answer(repository.memberByToken(fixtures.digestOf(about, "joins invited 0"))),
  apiKeyByDigest: ({ repository }, _caller, about) =>
    answer(repository.apiKeyByDigest(fixtures.digestOf(about, "key 0"))),
  // These belong to nobody's organization but to whoever runs the installation; REPO-43 is about them.
  organizations: () => Effect.succeed([]),
  advertisers: () => Effect.succeed([]),
  awaited: () => Effect.succeed([]),
  connections: ({ repository }, caller, about) =>
    Effect.all([
      ...(caller === about ? [paged(repository.connections(caller, {}, page))] : []),
      paged(repository.connections(caller, { companyId: fixtures.idOf("company", about, 0) }, page)),
      paged(repository.connections(caller, { accountId: fixtures.idOf("account", about, 0) }, page))
    ]),
  authorizations: ({ repository }, caller, about) =>
    Effect.all([
      ...(caller === about ? [paged(repository.authorizations(caller, {}, page))] : []),
      paged(repository.authorizations(caller, { connectionId: fixtures.idOf("connection", about, 0) }, page))
    ]),
  invitations: ({ repository }, caller, about) =>
    Effect.all([
      ...(caller === about ? [paged(repository.invitations(caller, {}, page))] : []),
      paged(repository.invitations(caller, { connectionId: fixtures.idOf("connection", about, 0) }, page))
    ]),
  connectionsOfGrant: ({ repository }, caller, about) =>
    answer(repository.connectionsOfGrant(caller, fixtures.idOf("grant", about, 0))),
  backfillOf: ({ repository }, caller, about) =>
    answer(repository.backfillOf(caller, fixtures.idOf("connection", about, 0))),
  holders: ({ repository }, caller, about) => answer(repository.holders(caller, [profileOf(about)])),
  // The two lookups by digest know no organization: they give the one thing that the digest belongs to.
  authorizationByState: ({ repository }, _caller, about) =>
    answer(repository.authorizationByState(fixtures.digestOf(about, "state 0"))),
  invitationByToken: ({ repository }, _caller, about) =>
    answer(repository.invitationByToken(fixtures.digestOf(about, "token 0"))),
  after: ({ log }, caller, about) => (caller === about ? answer(log.after(caller, 0, 100)) : Effect.succeed([])),
  of: ({ log }, caller, about) =>
    paged(log.of(caller, [fixtures.idOf("company", about, 0), fixtures.idOf("connection", about, 0)], page)),
  all: ({ log }, caller) => paged(log.all(caller, {}, page)),
  // Following never ends where there is nothing to follow; `after` shows the same events.
  follow: () => Effect.succeed([]),
  idempotentResource: ({ unitOfWork }, caller) =>
    answer(unitOfWork.idempotentResource(caller, "key", `asked by ${caller}`))
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
const populate = (services: Services, organizationId: OrganizationId, count: number) =>
  services.unitOfWork.commit(
    fixtures.change(organizationId, {
      writes: Array.from({ length: count }, (_, n) => n).flatMap((n) => [
        fixtures.writeCompany(fixtures.company(organizationId, n, "Acme"), 0),
        fixtures.write("account", fixtures.account(organizationId, n, 0), 0, []),
        fixtures.write("connection", fixtures.connected(organizationId, n, profileOf(organizationId), 0), 0, [
          { _tag: "Proven", at: fixtures.instant() }
        ]),
        fixtures.write("authorization", fixtures.authorization(organizationId, n, 0), 0, []),
        fixtures.write("invitation", fixtures.link(organizationId, n, 0), 0, []),
        fixtures.write("grant", fixtures.keptGrant(organizationId, n, "keeper"), 0, []),
        fixtures.write("backfill", fixtures.backfill(organizationId, n), 0, []),
        ...(n === 0 ? [fixtures.write("organization", fixtures.organization(organizationId, "Acme"), 0, [])] : []),
        fixtures.write("member", fixtures.member(organizationId, n, `m${n}@example.com`), 0, []),
        fixtures.write("member", fixtures.invited(organizationId, `invited ${n}`, `i${n}@example.com`), 0, []),
        fixtures.write("apiKey", fixtures.apiKey(organizationId, n), 0, []),
        fixtures.write("advertiser", fixtures.advertiser(organizationId, organizationId, n, "Acme"), 0, []),
        fixtures.write("awaited", fixtures.awaited(organizationId, organizationId, n), 0, []),
        fixtures.write("consolidation", fixtures.consolidation(organizationId, n), 0, []),
        fixtures.write("diagnosis", fixtures.diagnosis(organizationId, n), 0, [])
      ]),
      claims: [fixtures.hold(organizationId, profileOf(organizationId), 0)],
      jobs: [fixtures.job(organizationId, 0)],
      idempotency: { key: "key", fingerprint: `asked by ${organizationId}`, resource: `made by ${organizationId}` }
    })
  )

/** How much there is of each kind, at home and elsewhere. */
const populations = (fewest: number) =>
  fc.record({ own: fc.integer({ min: fewest, max: 3 }), others: fc.integer({ min: 1, max: 4 }) })

/** Tenants are isolated in every query. */
export const repo19: Law<RepositoryInstance> = {
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
      input: [populations(1), populations(0)],
      check: ({ organizations: [own, other, nobody], services }, { own: mine, others }, testCase) =>
        Effect.gen(function* () {
          if (mine > 0) yield* populate(services, own, mine)
          if (mine > 0) testCase.label("of one's own")
          const before = new Map<string, unknown>()
          for (const [method, call] of methods) before.set(method, yield* call(services, own, own))
          yield* populate(services, other, others)
          for (const [method, call] of methods) {
            yield* mustBeSame(`${method} shows that another organization has come`, {
              expected: before.get(method),
              actual: yield* call(services, own, own)
            })
            if (acrossOrganizations.has(method)) continue
            const foreign = yield* call(services, own, other)
            const absent = yield* call(services, own, nobody)
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
      check: ({ organizations, services }, { first, unknown }) =>
        Effect.gen(function* () {
          for (const n of [first, 1 - first] as const)
            yield* populate(services, organizations[n] ?? organizations[0], 2)
          for (const organizationId of organizations.slice(0, 2)) {
            const authorization = yield* services.repository.authorizationByState(
              fixtures.digestOf(organizationId, "state 1")
            )
            const link = yield* services.repository.invitationByToken(fixtures.digestOf(organizationId, "token 1"))
            yield* mustBeSame("a digest did not lead to what it belongs to", {
              expected: [fixtures.authorization(organizationId, 1, 0), fixtures.link(organizationId, 1, 0)],
              actual: [authorization.state, link.state]
            })
          }
          const nobody = fixtures.digestOf(organizations[2], "state 0")
          yield* mustBeSame("an unknown digest is not answered like every other", {
            expected: [
              yield* answer(services.repository.authorizationByState(nobody)),
              yield* answer(services.repository.invitationByToken(nobody))
            ],
            actual: [
              yield* answer(
                services.repository.authorizationByState(unknown[1](fixtures.digestOf(organizations[0], "state 1")))
              ),
              yield* answer(
                services.repository.invitationByToken(unknown[1](fixtures.digestOf(organizations[0], "token 1")))
              )
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
      check: ({ organizations: [own, other], services }, { what, expected }) =>
        Effect.gen(function* () {
          yield* populate(services, other, 1)
          const before = yield* Effect.forEach(methods, ([, call]) => call(services, other, other))
          const foreign = { ...fixtures.company(own, 0, "taken over"), id: fixtures.idOf("company", other, 0) }
          const attempts = {
            state: { writes: [fixtures.writeCompany(foreign, expected)] },
            work: { completes: fixtures.job(other, 0).id },
            profile: {
              claims: [
                { ...fixtures.release(own, profileOf(other), 0), connectionId: fixtures.idOf("connection", other, 0) }
              ]
            },
            key: { idempotency: { key: "key", fingerprint: "asked by a stranger", resource: "made by a stranger" } }
          } as const
          const answers = { state: "VersionConflict", work: "JobGone", profile: "ok", key: "ok" } as const
          const result = yield* outcome(services.unitOfWork.commit(fixtures.change(own, attempts[what])))
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
            actual: yield* Effect.forEach(methods, ([, call]) => call(services, other, other))
          })
          const done = yield* outcome(
            services.unitOfWork.commit(fixtures.change(other, { completes: fixtures.job(other, 0).id }))
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
    .reduce((text, kind) => text.replaceAll(fixtures.idOf(kind, organizationId, 0), `<${kind}>`), show(value))
    .replaceAll(organizationId, "<organization>")
