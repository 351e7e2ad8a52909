/** The part of REPO-40 about companies that were taken off the lists. */
import type { Company } from "@portolan/domain"
import { Effect } from "effect"
import * as fc from "fast-check"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import { idsOf, page } from "./scopes.ts"
import { check } from "./support.ts"

/** A list of companies shows those in use, and removed ones where their state is asked for. */
export const removedCompanies = check({
  name: "removed companies",
  kind: "property",
  labels: { removed: 0.4 },
  // In every other case the first company is removed.
  input: [
    fc.array(fc.boolean(), { maxLength: 4, size: "max" }).map((others) => [true, ...others]),
    fc.array(fc.boolean(), { minLength: 1, maxLength: 5, size: "max" })
  ],
  check: ({ organizations: [organizationId], services }, isRemoved, testCase) =>
    Effect.gen(function* () {
      const companies = isRemoved.map((removed, n): Company.Present => {
        const open = fixtures.company(organizationId, n, `Company ${n}`)
        const left = { removedAt: fixtures.instant(), removedBy: fixtures.actor }
        return removed ? { ...open, _tag: "Removed", ...left } : open
      })
      if (isRemoved.includes(true)) testCase.label("removed")
      const writes = companies.map((each) => fixtures.write("company", each, 0, []))
      yield* services.unitOfWork.commit(fixtures.change(organizationId, { writes }))
      const having = (...tags: ReadonlyArray<Company.Present["_tag"]>) =>
        companies.flatMap(({ _tag, id }) => (tags.includes(_tag) ? [String(id)] : [])).toSorted()
      const { repository } = services
      const listed = (filter: Parameters<typeof repository.companies>[1]) =>
        idsOf(repository.companies(organizationId, filter, page))
      yield* mustEqual("lists of companies do not show exactly those in the states that were asked for", {
        expected: { usual: having("Open"), removed: having("Removed"), all: having("Open", "Removed"), none: [] },
        actual: {
          usual: yield* listed({}),
          removed: yield* listed({ states: ["Removed"] }),
          all: yield* listed({ states: ["Open", "Removed"] }),
          none: yield* listed({ states: [] })
        }
      })
    })
})
