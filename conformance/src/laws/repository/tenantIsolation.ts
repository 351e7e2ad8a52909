/** REPO-19: organizations are worlds apart, in every method of the port. */
import type { Aggregate, Id } from "@portolan/domain"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { answer, check, mustBeSame, outcome, tagOf, unknownDigests } from "./support.ts"
import { profileOf, methods, acrossOrganizations, nameless } from "./everyMethod.ts"

type OrganizationId = Id.OrganizationId

/** States of a kind, each with the events that lead to it. */
type Things<K extends Aggregate.Kind> = ReadonlyArray<
  readonly [state: Aggregate.Present<K>, ...ReadonlyArray<Aggregate.Types[K]["event"]>]
>

/** The `n`-th things of an organization. A kind that the domain gains does not compile until it is listed here. */
const things: { readonly [K in Aggregate.Kind]: (organizationId: OrganizationId, n: number) => Things<K> } = {
  organization: (of, n) => (n === 0 ? [[fixtures.organization(of, "Acme")]] : []),
  member: (of, n) => [
    [fixtures.member(of, n, `m${n}@example.com`)],
    [fixtures.invited(of, `invited ${n}`, `i${n}@example.com`)]
  ],
  apiKey: (of, n) => [[fixtures.apiKey(of, n)]],
  company: (of, n) => [[fixtures.company(of, n, "Acme"), { _tag: "CompanyRenamed", name: "Acme" }]],
  account: (of, n) => [[fixtures.account(of, n, 0)]],
  connection: (of, n) => [[fixtures.connected(of, n, profileOf(of), 0), { _tag: "Proven", at: fixtures.instant() }]],
  authorization: (of, n) => [[fixtures.authorization(of, n, 0)]],
  invitation: (of, n) => [[fixtures.link(of, n, 0)]],
  grant: (of, n) => [[fixtures.keptGrant(of, n, "keeper")]],
  backfill: (of, n) => [[fixtures.backfill(of, n)]],
  window: (of, n) => [[fixtures.window(of, n)]],
  advertiser: (of, n) => [[fixtures.advertiser(of, of, n, "Acme")]],
  awaited: (of, n) => [[fixtures.awaited(of, of, n)]],
  consolidation: (of, n) => [[fixtures.consolidation(of, n)]],
  diagnosis: (of, n) => [[fixtures.diagnosis(of, n)]],
  incident: (of, n) => [[fixtures.incident(of, of, n)]]
}

const writesOf = (kind: Aggregate.Kind, organizationId: OrganizationId, n: number) =>
  things[kind](organizationId, n).map(([state, ...events]) => fixtures.write(kind, state, 0, events))

/** Fills an organization: at least one thing of each kind, all alike but for the ids. */
const populate = (services: Services, organizationId: OrganizationId, count: number) =>
  services.unitOfWork.commit(
    fixtures.change(organizationId, {
      writes: Array.from({ length: count }, (_, n) =>
        fixtures.kinds.flatMap((kind) => writesOf(kind, organizationId, n))
      ).flat(),
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
  checkFirst:
    "Look at the query of the method that the report names: the organization belongs into its condition, into joins " +
    "and into the look for another page. Then compare the error for a foreign thing with the one for a thing that " +
    "never existed.",
  see: ["Repository", "NotFound"],
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
      input: turnOf(unknownDigests, (unknown) =>
        fc.record({ first: fc.constantFrom<0 | 1>(0, 1), unknown: fc.constant(unknown) })
      ),
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
      input: turnOf(["state", "work", "profile", "key"] as const, (what) =>
        fc.record({ what: fc.constant(what), expected: fc.integer({ min: 1, max: 2 }) })
      ),
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
