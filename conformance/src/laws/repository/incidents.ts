/** The part of REPO-43 about incidents, and about what is linked through a channel. */
import { type Aggregate, Id } from "@portolan/domain"
import { Effect, Result } from "effect"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { byText, outcome } from "./support.ts"

/** Writes something of the installation, whether or not it is there already. */
export const upsert = Effect.fnUntraced(function* <K extends "advertiser" | "awaited" | "incident">(
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

/** Incidents of the installation are listed, those that somebody else wrote are not; and what is linked is counted. */
export const incidentsAndLinks = Effect.fnUntraced(function* (
  { organizations, services }: RepositoryInstance,
  over: ReadonlyArray<boolean>
) {
  const [organizationId] = organizations
  for (const [n, isOver] of over.entries())
    yield* upsert(services, "incident", fixtures.incident(Id.installation, Id.installation, n, isOver))
  const foreign = fixtures.incident(organizationId, organizationId, 0)
  yield* services.unitOfWork.commit(
    fixtures.change(organizationId, { writes: [fixtures.write("incident", foreign, 0, [])] })
  )
  const known = [...over.keys()].map((n) => String(fixtures.idOf("incident", Id.installation, n)))
  const listed = yield* services.repository.incidents()
  yield* mustEqual("the incidents of the installation are not listed by id, or others are", {
    expected: known.toSorted(byText),
    actual: listed.map(({ id }) => String(id)).filter((id) => known.includes(id) || id === foreign.id)
  })
  const channel = `linked-${organizationId.slice(-14)}`
  const keyIn = (region: string, externalId: string) =>
    fixtures.toKey({ channel, region, marketplaceId: "ATVPDKIKX0DER", externalId })
  for (const [n, each] of organizations.entries()) {
    yield* services.unitOfWork.commit(
      fixtures.change(each, {
        claims: [
          fixtures.hold(each, keyIn("NA", `${n}.first`), 0),
          fixtures.hold(each, keyIn("NA", `${n}.again`), 0),
          ...(n === 0 ? [fixtures.hold(each, keyIn("EU", `${n}.other`), 1)] : [])
        ]
      })
    )
  }
  const count = organizations.length
  yield* mustEqual("what is linked through a channel is not counted over all organizations, each account once", {
    expected: [
      { accounts: count + 1, organizations: count },
      { accounts: 1, organizations: 1 }
    ],
    actual: [yield* services.repository.linked(channel), yield* services.repository.linked(channel, "EU")]
  })
})
