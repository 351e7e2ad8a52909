/** A part of REPO-26: a record that a later release wrote is named, and hides nothing beside it. */
import { type Company, type Id, Stored } from "@portolan/domain"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { broken, mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, outcome, probe, tagOf } from "./support.ts"

const later = (written: Stored.Written) => ({ ...written, schemaVersion: written.schemaVersion + 1 })

/** Companies of which one is to be odd. */
interface Companies {
  readonly organizationId: Id.OrganizationId
  readonly all: ReadonlyArray<Company.Open>
  readonly odd: Company.Open
  /** The place of the odd one among all. */
  readonly index: number
}

/** A state of a newer release is named by a lookup, and by a list that shows the others. */
const stateIsNamed = Effect.fnUntraced(function* (
  instance: RepositoryInstance,
  { all, odd, organizationId }: Companies
) {
  const { repository } = instance.services
  const stored = later(Stored.writeState("company", odd))
  yield* probe(instance, "plant")({ _tag: "State", organizationId, kind: "company", id: odd.id, stored })
  const found = yield* outcome(repository.find("company", organizationId, odd.id))
  if (Result.isSuccess(found) || found.failure._tag !== "Unreadable") {
    const seen = { expected: "Unreadable", actual: tagOf(found) }
    return yield* broken("a record of a newer release is read as if it were known", seen)
  }
  yield* mustEqual("the error does not name the record and its version", {
    expected: { id: odd.id, kind: "company", reason: "newer-version" },
    actual: { id: found.failure.id, kind: found.failure.kind, reason: found.failure.reason }
  })
  const page = yield* repository.companies(organizationId, {}, { limit: 10 })
  const others = all.filter((one) => one !== odd).map(({ id }) => id)
  yield* mustEqual("one odd record hides others in a list, or is not named there", {
    expected: { items: others.toSorted(), odd: [odd.id] },
    actual: { items: page.items.map(({ id }) => id).toSorted(), odd: (page.unreadable ?? []).map(({ id }) => id) }
  })
})

/** An event of a newer release is named in pages of the history; reading on stops before it. */
const eventIsNamed = Effect.fnUntraced(function* (
  instance: RepositoryInstance,
  { all, index, odd, organizationId }: Companies
) {
  const { log } = instance.services
  const stored = later(Stored.writeEvent("company", { _tag: "CompanyAdded", company: odd }))
  yield* probe(instance, "plant")({ _tag: "Event", organizationId, position: index + 1, stored })
  const history = yield* log.all(organizationId, {}, { limit: 10 })
  yield* mustEqual("one odd event hides others in a page of the history, or is not named there", {
    expected: { items: all.length - 1, odd: 1 },
    actual: { items: history.items.length, odd: (history.unreadable ?? []).length }
  })
  const before = index === 0 ? [] : yield* log.after(organizationId, 0, 10)
  yield* mustEqual("reading on does not stop before the event that cannot be read", {
    expected: all.slice(0, index).map((_, place) => place + 1),
    actual: before.map(({ position }) => position)
  })
  yield* mustEqual("reading on skips an event that cannot be read", {
    expected: "Unreadable",
    actual: tagOf(yield* outcome(log.after(organizationId, index, 10)))
  })
})

/** The part of law REPO-26 that is about later releases. */
export const newer = check({
  name: "newer",
  kind: "property",
  needs: ["plant"],
  input: fc.record({ count: fc.integer({ min: 1, max: 4 }), place: fc.nat({ max: 3 }) }),
  check: (instance, { count, place }) =>
    Effect.gen(function* () {
      const [organizationId] = instance.organizations
      const all = Array.from({ length: count }, (_, n) => fixtures.company(organizationId, n, `Company ${n}`))
      for (const company of all) {
        const writes = [fixtures.writeCompany(company, 0)]
        yield* instance.services.unitOfWork.commit(fixtures.change(organizationId, { writes }))
      }
      const index = place % count
      const odd = all[index]
      if (odd === undefined) return
      yield* stateIsNamed(instance, { organizationId, all, odd, index })
      yield* eventIsNamed(instance, { organizationId, all, odd, index })
    })
})
