/** REPO-41: lookups that know no organization find what they are for, and nothing else. */
import { type Member } from "@portolan/domain"
import { Effect } from "effect"
import * as fc from "fast-check"
import { opening, turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { answer, check, mustBeSame, outcome, tagOf, unknownDigests } from "./support.ts"
import { byText } from "./support.ts"

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
  } = fixtures.member(organizationId, n, address, { personId, at })
  return stage === "active"
    ? fixtures.member(organizationId, n, address, { personId, at })
    : { ...rest, _tag: "Gone", id, email, because: "left", at: joinedAt, by: fixtures.actor }
}

const write = (services: Services, next: Member.Present, expected = 0) =>
  services.unitOfWork.commit(
    fixtures.change(next.organizationId, { writes: [fixtures.write("member", next, expected, [])] })
  )

/** Lookups across organizations are narrow. */
export const repo41: Law<RepositoryInstance> = {
  id: "REPO-41",
  title: "A person finds every organization they are a member of, a digest its one thing, and neither anything else",
  rationale:
    "A person who signs in must find each of their workplaces, and never that of a namesake or of a former employer; " +
    "a guessed token must open nothing.",
  checkFirst:
    "Look at the conditions: the person's identifier and the state Active for `memberships`, the whole digest for " +
    "the others. An error never repeats the digest that was asked for.",
  see: ["Repository.memberships", "Repository.memberByToken", "Repository.apiKeyByDigest"],
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
      input: turnOf(unknownDigests, (unknown) =>
        fc.record({ first: fc.constantFrom<0 | 1>(0, 1), unknown: fc.constant(unknown) })
      ),
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
