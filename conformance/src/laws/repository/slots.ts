/** The six aggregates that the changes of a case write to, and how each is written. */
import type { Aggregate, Id } from "@portolan/domain"
import type { UnitOfWork } from "@portolan/ports"
import * as fixtures from "./fixtures/index.ts"
import type { Part } from "./commandGenerator.ts"

/** A write to a slot: of which organization, what it expects, at which position of the list, with how many events. */
interface SlotWrite {
  readonly organizationId: Id.OrganizationId
  readonly slot: Part["slot"]
  readonly expected: number
  readonly position: number
  readonly events: number
}

/** The `time`-th instant of the change at a position. */
const instantOf = ({ position }: SlotWrite, time: number) => fixtures.instant(position * 10 + time)

const written = <K extends Aggregate.Kind>(
  kind: K,
  { events, expected, position }: SlotWrite,
  next: Aggregate.Present<K>,
  event: (time: number) => Aggregate.Types[K]["event"]
): UnitOfWork.Write =>
  fixtures.writeAs(String(position), kind, next, {
    expected,
    events: Array.from({ length: events }, (_, time) => event(time))
  })

/** How a kind is written: the state names the position of its change, the events their number. */
export const writers: Readonly<Record<SlotKind, (to: SlotWrite) => UnitOfWork.Write>> = {
  company: (to) =>
    written(
      "company",
      to,
      fixtures.company(to.organizationId, to.slot, `written by change ${to.position}`),
      (time) => ({ _tag: "CompanyRenamed", name: `event ${time} of change ${to.position}` })
    ),
  connection: (to) =>
    written("connection", to, fixtures.proposed(to.organizationId, to.slot, to.slot, to.position), (time) => ({
      _tag: "Proven",
      at: instantOf(to, time)
    })),
  grant: (to) =>
    written("grant", to, fixtures.grant(to.organizationId, to.slot, `written by change ${to.position}`), (time) => ({
      _tag: "GrantEnded",
      end: "replaced",
      at: instantOf(to, time)
    })),
  // Invited, then a member, then invited: what lookups go by comes and goes.
  member: (to) =>
    written(
      "member",
      to,
      to.position % 2 === 0
        ? fixtures.invited(to.organizationId, to.slot, "ada@example.com", to.position)
        : fixtures.member(to.organizationId, to.slot, "ada@example.com", { at: to.position }),
      (time) => ({ _tag: "MemberLeft", because: "left", at: instantOf(to, time), by: fixtures.actor })
    ),
  advertiser: (to) =>
    written(
      "advertiser",
      to,
      fixtures.advertiser(to.organizationId, to.organizationId, to.slot, `written by change ${to.position}`),
      (time) => ({ _tag: "AdvertiserMissed", at: instantOf(to, time) })
    )
}

type SlotKind = "company" | "connection" | "grant" | "member" | "advertiser"

/** What lies in each slot: two companies, and one aggregate of each of four other kinds. */
export const slotKinds = ["company", "company", "connection", "grant", "member", "advertiser"] as const

/** The aggregate in a slot of an organization. */
export const slotOf = (organizationId: Id.OrganizationId, slot: Part["slot"]): { kind: Aggregate.Kind; id: string } => {
  const kind = slotKinds[slot]
  return { kind, id: fixtures.idOf(kind, organizationId, slot) }
}
