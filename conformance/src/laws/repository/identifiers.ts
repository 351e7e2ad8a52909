/** REPO-09: identifiers of providers are kept exactly. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, mustBeSame, tagOf } from "./support.ts"
import { third, bind } from "./claimSupport.ts"

/** Identifiers that lossy columns take for one another. */
const pairs: ReadonlyArray<readonly [what: string, make: (digits: string) => readonly [string, string]]> = [
  ["beyond 2^53", (digits) => [`9${digits}00000992`, `9${digits}00000993`]],
  ["beyond 2^63", (digits) => [`99${digits}000000000992`, `99${digits}000000000993`]],
  ["leading zeros", (digits) => [`00${digits}1`, `${digits}1`]],
  ["case", (digits) => [`A${digits}bC`, `a${digits}Bc`]],
  ["digits and a point", (digits) => [`${digits}1.0`, `${digits}1`]],
  ["exponent", (digits) => [`${digits}e1`, `${digits}0`]],
  ["hyphens", (digits) => [`${digits}-7`, `${digits}7`]],
  ["a long tail", (digits) => [`${digits}${"7".repeat(90)}1`, `${digits}${"7".repeat(90)}2`]]
]

/** Identifiers keep every digit. */
export const repo09: Law<RepositoryInstance> = {
  id: "REPO-09",
  title: "Identifiers of providers are kept to the last digit, zero and letter case",
  rationale: "Profile ids exceed 2^53: rounded, one customer's connection points at another customer's profile.",
  checkFirst:
    "Look at the column of the identifier: text in a binary collation. A number on the way (a JSON number, `Number`, " +
    "`bigint`) loses digits, zeros or letters.",
  sources: [
    {
      fact: "Numbers beyond 2^53 are not exact in most readers of JSON.",
      url: "https://www.rfc-editor.org/rfc/rfc8259#section-6"
    },
    {
      fact: "Each advertising profile has a numeric identifier.",
      url: "https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/profiles"
    }
  ],
  see: ["Claim", "Repository.holders"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      minimum: 16,
      input: turnOf(pairs, (pair) =>
        fc.record({ pair: fc.constant(pair), swapped: fc.boolean(), organization: third })
      ),
      lines: ({ pair: [what], swapped, organization }) => [
        `${what}${swapped ? ", swapped" : ""}, second binding by organization ${organization}`
      ],
      check: (instance, { pair, swapped, organization }) =>
        Effect.gen(function* () {
          const {
            organizations: [organizationId],
            services
          } = instance
          const [less, more] = pair[1](fixtures.caseDigits(instance))
          const [one, other] = swapped ? [more, less] : [less, more]
          const keys = [fixtures.keyOf(one), fixtures.keyOf(other)] as const
          const state = fixtures.connected(organizationId, 0, keys[0])
          yield* services.unitOfWork.commit(
            fixtures.change(organizationId, {
              writes: [fixtures.write("connection", state, 0, [])],
              claims: [fixtures.hold(organizationId, keys[0], 0)]
            })
          )
          yield* mustEqual("a profile reads as bound because another one with a similar identifier is", {
            expected: [one],
            actual: (yield* services.repository.holders(organizationId, keys)).map(({ key }) => String(key.externalId))
          })
          const second = instance.organizations[organization]
          yield* mustEqual("a profile cannot be bound because another one with a similar identifier is", {
            expected: "ok",
            actual: tagOf(yield* bind(services, second, keys[1], 1))
          })
          const found = yield* services.repository.find("connection", organizationId, state.id)
          yield* mustBeSame("an identifier reads otherwise than it was written", {
            expected: state,
            actual: found.state
          })
        })
    })
  ]
}
