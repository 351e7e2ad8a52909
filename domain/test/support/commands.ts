/** What can be asked of each machine, over small pools, so that commands meet the state they are about. */
import { Account, Backfill, type Company, Connection, DataClass, type Day, Grant, type Aggregate } from "@portolan/domain"
import { Authorization, Marketplace, type Profile } from "@portolan/domain"
import { Arbitrary, DateTime, Duration, Schema } from "effect"
import { actors, ada, between, candidates, days, hour, id, ids, instants, key, nearby, oneOf, pick, texts } from "./values.ts"

type Command<K extends Aggregate.Kind> = Aggregate.Types[K]["command"]
/** A machine's commands: those that create, and all of them. */
export interface Commands<K extends Aggregate.Kind> {
  readonly creation: Arbitrary.Arbitrary<Command<K>>
  readonly any: Arbitrary.Arbitrary<Command<K>>
}

const { Constant, all, array, map, schema } = Arbitrary
const of = <K extends Aggregate.Kind>(
  creation: Arbitrary.Arbitrary<Command<K>>, ...others: ReadonlyArray<Arbitrary.Arbitrary<Command<K>>>
): Commands<K> => ({ creation, any: oneOf<Command<K>>(creation, ...others) })

const maybe = <A>(arbitrary: Arbitrary.Arbitrary<A>): Arbitrary.Arbitrary<A | undefined> =>
  oneOf<A | undefined>(arbitrary, Constant(undefined))

const owned = { organizationId: id("organization"), companyId: id("company"), accountId: id("account"), connectionId: id("connection") }

/** Companies; names may repeat in another case. */
const names = pick("North" as Company.Brand["name"], "NORTH", "South", "West")
const brands = map(all([ids("brand"), names]), ([id, name]) => ({ id, name }))
export const company = of<"company">(
  map(all([names, Arbitrary.array(brands, { minLength: 1, maxLength: 3 })]), ([name, [first, ...rest]]) => ({
    _tag: "Add", company: { id: id("company"), organizationId: id("organization"), name, createdAt: hour(0),
      brands: [first ?? { id: id("brand"), name: "North" }, ...rest] }
  })),
  all({ _tag: Constant("Rename"), name: names }),
  all({ _tag: Constant("AddBrand"), brand: brands })
)

const marketplaceIds = oneOf(
  schema(Marketplace.MarketplaceId),
  map(between(0, Marketplace.all.length - 1), (n) => (Marketplace.all[n] ?? Marketplace.all[0]!).id),
  pick(key().marketplaceId)
)
const brandIds = array(ids("brand"), { maxLength: 3 })
export const account = of<"account">(
  map(all([names, schema(Account.Present.fields.accountType), marketplaceIds, array(marketplaceIds, { maxLength: 2 }), brandIds,
    ids("brand"), brandIds]), ([name, accountType, first, rest, brandIds, defaultBrandId, companyBrands]) => ({
    _tag: "OpenAccount", companyBrands,
    account: { id: id("account"), organizationId: id("organization"), companyId: id("company"), name, accountType,
      marketplaces: [first, ...rest], brandIds, defaultBrandId, createdAt: hour(0) }
  })),
  map(all([names, ids("brand")]), ([name, defaultBrandId]) => ({
    _tag: "OpenAccount", companyBrands: [defaultBrandId],
    account: { id: id("account"), organizationId: id("organization"), companyId: id("company"), name, accountType: "seller",
      marketplaces: [key().marketplaceId], brandIds: [defaultBrandId], defaultBrandId, createdAt: hour(0) }
  })),
  all({ _tag: Constant("Rename"), name: names }),
  all({ _tag: Constant("AssignBrands"), brandIds, defaultBrandId: ids("brand"), companyBrands: brandIds })
)

const links: Arbitrary.Arbitrary<Connection.Link> = map(
  all([ids("grant"), candidates, instants, maybe(instants)]), ([grantId, profile, linkedAt, expiresAt]) => ({
    grantId, profile, linkedAt, linkedBy: ada, permission: profile._tag === "AdvertisingProfile" ? profile.permission : "edit",
    ...(expiresAt === undefined ? {} : { expiresAt })
  }))
export const connection = of<"connection">(
  all({ _tag: Constant("Propose"), connection: Constant({
    id: owned.connectionId, organizationId: owned.organizationId, companyId: owned.companyId, accountId: owned.accountId,
    channel: "amazon-ads", optional: false, proposedAt: hour(0) }) }),
  all({ _tag: Constant("AwaitSelection"), authorizationId: ids("authorization"), at: instants }),
  all({ _tag: Constant("DropSelection"), authorizationId: ids("authorization") }),
  all({ _tag: Constant("Link"), authorizationId: ids("authorization"), link: links }),
  all({ _tag: Constant("Prove"), grantId: ids("grant"), at: instants }),
  map(all([ids("grant"), instants, maybe(pick("edit rights", "the profile"))]), ([grantId, at, missing]) =>
    ({ _tag: "CheckRights", grantId, at, ...(missing === undefined ? {} : { missing }) })),
  all({ _tag: Constant("LoseGrant"), grantId: ids("grant"), loss: schema(Connection.Loss), at: instants }),
  all({ _tag: Constant("Disconnect"), at: instants, by: actors })
)

/** A trip as it starts. */
export const trip = (origin: Authorization.Origin = { _tag: "Direct", actor: ada }) => ({
  id: id("authorization"), ...owned, channel: "amazon-ads", accountType: "seller", region: "NA",
  marketplaceId: key().marketplaceId, origin, stateDigest: "5f", browserDigest: "b0", startedAt: hour(0),
  expiresAt: DateTime.addDuration(hour(0), Authorization.tripLifetime)
} as const)
const browserDigest = pick("b0", "b0", "b1")
const found = array(candidates, { maxLength: 4 })
const obstacles: Arbitrary.Arbitrary<ReadonlyArray<Profile.Obstacle>> = array(pick<Profile.Obstacle>(
  { weight: "warns", detail: "The login lacks a right." }, { weight: "blocks", detail: "It belongs to Canada." }
), { maxLength: 2 })
const start = (origin: Authorization.Origin): Arbitrary.Arbitrary<Command<"authorization">> =>
  Constant({ _tag: "Start", trip: trip(origin) })
export const authorization = of<"authorization">(
  oneOf(start({ _tag: "Direct", actor: ada }), start({ _tag: "ByLink", invitationId: id("invitation") })),
  all({ _tag: Constant("Return"), browserDigest, grantId: ids("grant"), at: instants }),
  all({ _tag: Constant("Return"), browserDigest: Constant("b0"), grantId: ids("grant"), at: Constant(hour(0.1)) }),
  all({ _tag: Constant("Decline"), browserDigest, detail: texts, at: instants }),
  all({ _tag: Constant("RecordConsent"), candidates: found, at: instants }),
  all({ _tag: Constant("FindCandidates"), candidates: found, at: instants }),
  all({ _tag: Constant("Select"), key: map(between(0, 2), key), obstacles, confirmed: schema(Schema.Boolean), at: instants, by: actors }),
  all({ _tag: Constant("Fail"), reason: schema(Authorization.FailureReason), detail: texts, at: instants }),
  all({ _tag: Constant("Expire"), at: instants }),
  all({ _tag: Constant("Dismiss"), at: instants, by: actors, because: oneOf(Constant(""), texts) })
)

const issued = (life: Duration.Duration) => ({
  id: id("invitation"), ...owned, channel: "amazon-ads", tokenDigest: "70", issuedBy: ada, issuedAt: hour(0),
  expiresAt: DateTime.addDuration(hour(0), life)
} as const)
/** A link that lives so long. */
export const issue = (life: Duration.Duration): Command<"invitation"> => ({ _tag: "Issue", link: issued(life) })
export const invitation = of<"invitation">(
  map(pick(1, 24, 168, 720), (hours): Command<"invitation"> => issue(Duration.hours(hours))),
  map(between(-40, 40), (days): Command<"invitation"> => issue(Duration.days(days))),
  all({ _tag: Constant("Follow"), authorizationId: ids("authorization"), at: instants }),
  all({ _tag: Constant("EndAttempt"), authorizationId: ids("authorization"), outcome: texts, at: instants }),
  all({ _tag: Constant("Use"), authorizationId: ids("authorization"), at: instants }),
  all({ _tag: Constant("Revoke"), at: instants, by: actors }),
  all({ _tag: Constant("Expire"), at: instants })
)

export const grant = of<"grant">(
  map(schema(Grant.State), (state): Command<"grant"> => {
    if (state._tag === "Absent") {
      return { _tag: "Record", grant: { id: id("grant"), organizationId: owned.organizationId,
        authorizationId: id("authorization"), channel: "amazon-sp", region: "EU", consentedAt: hour(0) } }
    }
    const { _tag, ...rest } = state
    if (!("end" in rest)) return { _tag: "Record", grant: nearby(rest) }
    const { end: _end, endedAt: _endedAt, ...recorded } = rest
    return { _tag: "Record", grant: nearby(recorded) }
  }),
  all({ _tag: Constant("End"), end: schema(Grant.End), at: instants })
)

/** One source per class, of any depth and window length. */
export const sources: Arbitrary.Arbitrary<ReadonlyArray<DataClass.Source>> = map(
  array(all({ dataClass: schema(DataClass.DataClass), depthDays: between(0, 40), windowDays: between(1, 15) }), { maxLength: 3 }),
  (drawn) => drawn.filter((source, index) => drawn.findIndex((other) => other.dataClass === source.dataClass) === index)
)
const fixed: ReadonlyArray<DataClass.Source> = [
  { dataClass: "advertising", depthDays: 5, windowDays: 2 }, { dataClass: "content", depthDays: 1, windowDays: 1 }
]
const { companyId: _companyId, ...ofBackfill } = owned
/** Plans a load. */
export const plan = (
  sources: ReadonlyArray<DataClass.Source>, today: Day.Day, finalisedAt: DateTime.Utc
): Command<"backfill"> => ({ _tag: "Plan", backfill: { id: id("backfill"), ...ofBackfill }, sources, today, finalisedAt })
const today = "2028-02-29" as Day.Day
const windowIds = pick(...Backfill.windows(fixed[0]!, today).concat(Backfill.windows(fixed[1]!, today))
  .map((window) => window.id) as [Backfill.WindowId, ...Array<Backfill.WindowId>])
export const backfill = of<"backfill">(
  map(all([pick(fixed, fixed, []), pick(0, 0, 1, 40)]), ([sources, hours]): Command<"backfill"> => plan(sources, today, hour(hours))),
  map(all([sources, days, instants]), ([sources, today, at]) => plan(sources, today, at)),
  all({ _tag: Constant("RequestWindow"), windowId: windowIds, ticket: pick("r-1", "r-2"), at: instants }),
  all({ _tag: Constant("RestartWindow"), windowId: windowIds, reason: texts, at: instants }),
  all({ _tag: Constant("LoadWindow"), windowId: windowIds, rows: between(0, 5), at: instants }),
  all({ _tag: Constant("LoadWindow"), windowId: windowIds, rows: between(0, 5), at: instants }),
  all({ _tag: Constant("SkipWindow"), windowId: windowIds, reason: texts, at: instants }),
  all({ _tag: Constant("BlockWindow"), windowId: windowIds, reason: texts, at: instants }),
  all({ _tag: Constant("CheckDeadline"), dataClass: schema(DataClass.DataClass), at: instants }),
  all({ _tag: Constant("Cancel"), at: instants })
)
