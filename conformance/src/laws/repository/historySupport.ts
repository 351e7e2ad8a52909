/** What the laws about the history share. */
import type { Aggregate, Id } from "@portolan/domain"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import * as fixtures from "./fixtures/index.ts"
import * as Register from "./Register.ts"
import type { Services } from "./RepositoryInstance.ts"
import { outcome } from "./support.ts"

/** Events as they were recorded, without their positions; those of one commit by aggregate. */
export const withoutPositions = (events: ReadonlyArray<Aggregate.Recorded>): ReadonlyArray<Register.RecordedEvent> =>
  events.map(({ position: _position, ...event }) => event)

/** The positions of events. */
export const positionsOf = (events: ReadonlyArray<{ readonly position: number }>) =>
  events.map(({ position }) => position)

/** The numbers from 1 to `count`. */
export const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** One change to a company: which, and with how many events. */
interface Touch {
  readonly slot: number
  readonly events: number
}

/** Commits one change of `events` events to a company, at whatever version it is. */
const touch = (services: Services, organizationId: Id.OrganizationId, { events, slot }: Touch, about: string) =>
  Effect.gen(function* () {
    for (let attempt = 0; attempt < 100; attempt++) {
      const found = yield* outcome(
        services.repository.find("company", organizationId, fixtures.idOf("company", organizationId, slot))
      )
      const version = Result.isSuccess(found) ? found.success.version : 0
      const next = fixtures.company(organizationId, slot, about)
      const result = yield* outcome(
        services.unitOfWork.commit(
          fixtures.change(organizationId, {
            writes: [
              fixtures.writeAs(about, "company", next, {
                expected: version,
                events: Array.from({ length: events }, (_, index) => ({
                  _tag: "CompanyRenamed" as const,
                  name: `${about} ${index}`
                }))
              })
            ]
          })
        )
      )
      if (Result.isSuccess(result)) return result.success.position
      if (result.failure._tag !== "VersionConflict") return yield* Effect.fail(result.failure)
    }
    return 0
  })

/** Several clients, and the changes that each makes to one of two companies. */
export const writers = fc.array(
  fc.array(fc.record({ slot: fc.constantFrom(0, 0, 1), events: fc.integer({ min: 1, max: 2 }) }), {
    minLength: 1,
    maxLength: 3
  }),
  { minLength: 2, maxLength: 4 }
)

/** Makes changes one after the other, under the name of a client. */
export const write = (
  services: Services,
  organizationId: Id.OrganizationId,
  plan: ReadonlyArray<Touch>,
  client: string
) => Effect.forEach(plan, (each, index) => touch(services, organizationId, each, `${client}, ${index}`))
