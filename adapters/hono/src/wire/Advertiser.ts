/** Advertisers that let us in, as an organization may link them and as operators assign them (flow F3). */
import { Advertiser, type Awaited, Connection, Id, type Organization, Region } from "@portolan/domain"
import type { Advertisers, Directory } from "@portolan/ports"
import { DateTime, Schema } from "effect"
import * as Profile from "./Profile.ts"
import { By, by, Instant, instant, NameInput } from "./Text.ts"

const Alike = Schema.Array(Schema.Struct({ externalId: Schema.String, name: Schema.String })).annotate({
  description: "Other advertisers of the list with nearly the same name: compare the ids."
})

/** An advertiser that could be linked. */
export const Available = Schema.Struct({
  grantId: Id.GrantId.annotate({ description: "Names the advertiser when it is linked." }),
  profile: Profile.Answer,
  obstacles: Profile.Choice.fields.obstacles,
  heldBy: Profile.Choice.fields.heldBy,
  lookAlikes: Alike
}).annotate({
  identifier: "AvailableAdvertiser",
  description:
    "An advertiser of your organization, the obstacles to linking it here, and the account that holds it. A held one " +
    "cannot be linked."
})

/** Writes all of them: which look alike is seen only together. */
export const available = (all: ReadonlyArray<Advertisers.Available>): ReadonlyArray<typeof Available.Type> =>
  all.map((one) => ({
    grantId: one.grantId,
    profile: Profile.of(one.candidate),
    obstacles: one.obstacles.map(({ detail, weight }) => ({ weight, detail })),
    ...(one.heldBy === undefined ? {} : { heldBy: one.heldBy }),
    lookAlikes: all
      .filter((other) => Advertiser.lookAlike(one.candidate, other.candidate))
      .map(({ candidate }) => ({ externalId: candidate.key.externalId, name: candidate.name }))
  }))

/** What linking takes. */
export const Link = Schema.Struct({
  grantId: Id.GrantId,
  confirmed: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "The person has seen the warnings and continues." })
  )
})

/** Which advertiser to expect. */
export const Expected = Schema.Struct({
  advertiser: NameInput.pipe(
    Schema.annotateEncoded({ description: "Its name or id, as the provider's console shows it." })
  )
})

/** An entry of the directory. */
export const Entry = Schema.Struct({
  id: Id.AdvertiserId,
  profile: Profile.Answer,
  state: Schema.Literals(["listed", "lost"]),
  missedLooks: Schema.Int.annotate({
    description: `Consecutive lists of the provider without it; it is lost after ${Advertiser.missesUntilLost}.`
  }),
  firstSeenAt: Instant,
  lostAt: Schema.optionalKey(Instant),
  assignment: Schema.optionalKey(
    Schema.Struct({ organizationId: Id.OrganizationId, organizationName: Schema.String, at: Instant, by: By })
  )
}).annotate({
  identifier: "DirectoryEntry",
  description: "An advertiser that added this software as a partner, and the organization that it is assigned to."
})

/** Writes an entry. */
export const entry = (one: Advertiser.Present): typeof Entry.Type => ({
  id: one.id,
  profile: Profile.of(one.advertiser),
  state: one._tag === "Listed" ? "listed" : "lost",
  missedLooks: one._tag === "Listed" ? one.misses : Advertiser.missesUntilLost,
  firstSeenAt: instant(one.firstSeenAt),
  ...(one._tag === "Lost" ? { lostAt: instant(one.lostAt) } : {}),
  ...(one.assignment === undefined
    ? {}
    : {
        assignment: {
          organizationId: one.assignment.tenantId,
          organizationName: one.assignment.tenantName,
          at: instant(one.assignment.at),
          by: by(one.assignment.by)
        }
      })
})

/** What a customer waits for. */
export const Waiting = Schema.Struct({
  organizationId: Id.OrganizationId,
  organizationName: Schema.String,
  accountName: Schema.String,
  marketplaceId: Schema.String,
  advertiser: Schema.String.annotate({ description: "As the customer typed it." }),
  requestedBy: Schema.String,
  since: Instant,
  isOverdue: Schema.Boolean,
  mayBe: Schema.Array(Entry).annotate({
    description: "Unassigned advertisers with a similar name or id. This is a hint: names are not unique."
  })
}).annotate({ identifier: "AwaitedAdvertiser", description: "An advertiser that a customer waits for." })

/** Writes what a customer waits for. */
export const waiting = ({ awaited, mayBe }: Directory.Waiting, now: DateTime.Utc): typeof Waiting.Type => ({
  organizationId: awaited.tenantId,
  organizationName: awaited.tenantName,
  accountName: awaited.accountName,
  marketplaceId: awaited.marketplaceId,
  advertiser: awaited.advertiser,
  requestedBy: awaited.requestedBy,
  since: instant(awaited.since),
  isOverdue: isOverdue(awaited, now),
  mayBe: mayBe.map(entry)
})

const isOverdue = ({ since }: Awaited.Present, now: DateTime.Utc): boolean =>
  DateTime.isGreaterThanOrEqualTo(now, DateTime.add(since, { hours: Connection.accessHours }))

/** An organization, as operators see it. */
export const Tenant = Schema.Struct({ id: Id.OrganizationId, name: Schema.String, foundedAt: Instant }).annotate({
  identifier: "Tenant",
  description: "An organization of this installation."
})

/** Writes an organization. */
export const tenant = ({ foundedAt, id, name }: Organization.Present): typeof Tenant.Type => ({
  id,
  name,
  foundedAt: instant(foundedAt)
})

/** To which organization an advertiser belongs. */
export const Assign = Schema.Struct({ organizationId: Id.OrganizationId })

/** Where to look. */
export const Look = Schema.Struct({ region: Region.Known })

/** The result of asking the provider for its advertisers. */
export const LookResult = Schema.Struct({ advertisers: Schema.Int }).annotate({
  identifier: "Look",
  description: "How many advertisers the provider lists now."
})
