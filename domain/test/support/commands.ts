/** What can be asked of each machine, over small pools, so that commands meet the state they are about. */
import {
  Access,
  AccountType,
  type Aggregate,
  Authorization,
  Backfill,
  Connection,
  DataClass,
  type Day,
  Diagnosis,
  Grant,
  Identity,
  Incident,
  Invitation,
  Marketplace,
  Member,
  Organization,
  type Profile,
  type Text,
  Window
} from "@portolan/domain"
import { Arbitrary, DateTime, Duration, Schema } from "effect"
import * as consolidations from "./consolidation.ts"
import type * as loads from "./loads.ts"
import {
  actors,
  ada,
  advertiser,
  advertiserKey,
  between,
  candidate,
  candidates,
  days,
  due,
  hour,
  id,
  ids,
  instants,
  key,
  nearby,
  oneOf,
  pick,
  texts
} from "./values.ts"

type Command<K extends Aggregate.Kind> = Aggregate.Types[K]["command"]
/** A machine's commands: those that create, and all of them. */
export interface Commands<K extends Aggregate.Kind> {
  readonly creation: Arbitrary.Arbitrary<Command<K>>
  readonly any: Arbitrary.Arbitrary<Command<K>>
}

const { Constant, all, array, map, schema } = Arbitrary
const of = <K extends Aggregate.Kind>(
  creation: Arbitrary.Arbitrary<Command<K>>,
  ...others: ReadonlyArray<Arbitrary.Arbitrary<Command<K>>>
): Commands<K> => ({ creation, any: oneOf<Command<K>>(creation, ...others) })

const maybe = <A>(arbitrary: Arbitrary.Arbitrary<A>): Arbitrary.Arbitrary<A | undefined> =>
  oneOf<A | undefined>(arbitrary, Constant(undefined))

const owned = {
  organizationId: id("organization"),
  companyId: id("company"),
  accountId: id("account"),
  connectionId: id("connection")
}

/** Companies; names may repeat in another case. */
const names = pick("North", "NORTH", "South", "West")
const brands = map(all([ids("brand"), names]), ([id, name]) => ({ id, name }))
export const company = of<"company">(
  map(all([names, Arbitrary.array(brands, { minLength: 1, maxLength: 3 })]), ([name, [first, ...rest]]) => ({
    _tag: "Add",
    company: {
      id: id("company"),
      organizationId: id("organization"),
      name,
      createdAt: hour(0),
      brands: [first ?? { id: id("brand"), name: "North" }, ...rest]
    }
  })),
  all({ _tag: Constant("Rename"), name: names }),
  all({ _tag: Constant("AddBrand"), brand: brands }),
  all({ _tag: Constant("RenameBrand"), brandId: ids("brand"), name: names }),
  all({ _tag: Constant("RemoveBrand"), brandId: ids("brand"), accounts: between(0, 1) }),
  all({ _tag: Constant("Remove"), accounts: between(0, 2), at: instants, by: actors }),
  all({ _tag: Constant("Restore"), at: instants, by: actors })
)

const marketplaceIds = oneOf(
  schema(Marketplace.MarketplaceId),
  map(between(0, Marketplace.all.length - 1), (n) => (Marketplace.all[n] ?? Marketplace.all[0]!).id),
  pick(key().marketplaceId)
)
/** United States, Canada, Mexico, and one of another region. */
const neighbours = pick(
  key().marketplaceId,
  "A2EUQ1WTGCTBG2" as Marketplace.MarketplaceId,
  "A1AM78C64UM0Y8" as Marketplace.MarketplaceId,
  "A1PA6795UKMFR9" as Marketplace.MarketplaceId
)
const brandIds = array(ids("brand"), { maxLength: 3 })
export const account = of<"account">(
  map(
    all([
      names,
      schema(AccountType.AccountType),
      marketplaceIds,
      array(marketplaceIds, { maxLength: 2 }),
      brandIds,
      ids("brand"),
      brandIds
    ]),
    ([name, accountType, first, rest, brandIds, defaultBrandId, companyBrands]) => ({
      _tag: "OpenAccount",
      companyBrands,
      account: {
        id: id("account"),
        organizationId: id("organization"),
        companyId: id("company"),
        name,
        accountType,
        marketplaces: [first, ...rest],
        brandIds,
        defaultBrandId,
        createdAt: hour(0)
      }
    })
  ),
  map(all([names, ids("brand")]), ([name, defaultBrandId]) => ({
    _tag: "OpenAccount",
    companyBrands: [defaultBrandId],
    account: {
      id: id("account"),
      organizationId: id("organization"),
      companyId: id("company"),
      name,
      accountType: "seller",
      marketplaces: [key().marketplaceId],
      brandIds: [defaultBrandId],
      defaultBrandId,
      createdAt: hour(0)
    }
  })),
  all({ _tag: Constant("Rename"), name: names }),
  all({ _tag: Constant("AssignBrands"), brandIds, defaultBrandId: ids("brand"), companyBrands: brandIds }),
  all({
    _tag: Constant("ChangeCompany"),
    companyId: ids("company"),
    brandIds,
    defaultBrandId: ids("brand"),
    companyBrands: brandIds,
    at: instants,
    by: actors
  }),
  all({
    _tag: Constant("ChangeCompany"),
    companyId: ids("company"),
    brandIds: Constant([id("brand")]),
    defaultBrandId: Constant(id("brand")),
    companyBrands: Constant([id("brand")]),
    at: instants,
    by: actors
  }),
  all({ _tag: Constant("AddMarketplace"), marketplaceId: neighbours }),
  all({
    _tag: Constant("RemoveMarketplace"),
    marketplaceId: neighbours,
    connected: between(0, 1),
    at: instants,
    by: actors
  }),
  all({ _tag: Constant("ChangeMarketplace"), from: neighbours, to: neighbours, connected: between(0, 1) }),
  all({ _tag: Constant("Remove"), connected: between(0, 1), at: instants, by: actors }),
  all({ _tag: Constant("Restore"), at: instants, by: actors }),
  all({ _tag: Constant("DeleteData"), connected: between(0, 1), at: instants, by: actors }),
  all({ _tag: Constant("KeepData"), at: instants, by: actors }),
  all({ _tag: Constant("KeepData"), at: Constant(hour(1)), by: actors }),
  all({ _tag: Constant("DeleteData"), connected: Constant(0), at: Constant(hour(0)), by: actors }),
  all({ _tag: Constant("AbandonErasure"), at: instants, by: actors }),
  all({ _tag: Constant("RecordErasure"), rows: between(0, 9), at: instants })
)

const identities: Arbitrary.Arbitrary<Identity.Identity> = schema(Identity.Identity)

const links: Arbitrary.Arbitrary<Connection.Link> = map(
  all([ids("grant"), candidates, instants, maybe(instants), maybe(identities)]),
  ([grantId, profile, linkedAt, expiresAt, identity]) => ({
    ...(identity === undefined ? {} : { identity }),
    grantId,
    profile,
    linkedAt,
    linkedBy: ada,
    permission: profile._tag === "AdvertisingProfile" ? profile.permission : "edit",
    ...(expiresAt === undefined ? {} : { expiresAt })
  })
)
/** Proposes a connection: at Amazon, or where access has to be discovered. */
export const propose = (channel: "amazon-ads" | "walmart-connect" = "amazon-ads"): Command<"connection"> => ({
  _tag: "Propose",
  connection: {
    id: owned.connectionId,
    organizationId: owned.organizationId,
    companyId: owned.companyId,
    accountId: owned.accountId,
    channel,
    marketplaceId: channel === "amazon-ads" ? key().marketplaceId : advertiserKey().marketplaceId,
    optional: false,
    proposedAt: hour(0)
  }
})
const advertisers = pick("Lindqvist", "Olsen")
export const connection = of<"connection">(
  pick(propose(), propose(), propose("walmart-connect")),
  all({ _tag: Constant("AwaitSelection"), authorizationId: ids("authorization"), at: instants }),
  all({ _tag: Constant("DropSelection"), authorizationId: ids("authorization") }),
  all({ _tag: Constant("Move"), to: neighbours }),
  all({ _tag: Constant("ChangeCompany"), to: ids("company") }),
  all({ _tag: Constant("ExpectAccess"), advertiser: advertisers, by: actors, at: instants }),
  all({ _tag: Constant("ExpectAccess"), advertiser: advertisers, by: actors, at: Constant(hour(0)) }),
  all({ _tag: Constant("CheckAccess"), at: instants }),
  all({ _tag: Constant("NoteAccess"), advertiser: pick("Acme Inc", "Acme Ltd"), at: instants }),
  all({ _tag: Constant("NoteAccess"), at: instants }),
  all({ _tag: Constant("NoteAccess"), at: instants }),
  all({ _tag: Constant("CheckAccess"), at: Constant(hour(30)) }),
  all({ _tag: Constant("DropExpectation"), at: instants }),
  all({ _tag: Constant("Link"), link: links }),
  all({ _tag: Constant("Link"), link: links, keepsReplaced: schema(Schema.Boolean) }),
  map(all([ids("grant"), between(0, 1), instants]), ([grantId, n, linkedAt]): Command<"connection"> => ({
    _tag: "Link",
    link: {
      grantId,
      profile: candidate(0, n === 0 ? "edit" : "view"),
      permission: n === 0 ? "edit" : "view",
      linkedAt,
      linkedBy: ada
    }
  })),
  map(
    all([ids("grant"), pick<"edit" | "view">("edit", "view"), instants]),
    ([grantId, permission, linkedAt]): Command<"connection"> => ({
      _tag: "Link",
      link: { grantId, profile: advertiser(0, { permission }), permission, linkedAt, linkedBy: ada }
    })
  ),
  all({ _tag: Constant("Pause"), at: instants, by: actors }),
  all({ _tag: Constant("Pause"), at: instants, by: actors }),
  all({ _tag: Constant("Resume"), at: instants, by: actors }),
  all({ _tag: Constant("Prove"), grantId: ids("grant"), at: instants }),
  all({ _tag: Constant("JudgeIdentity"), grantId: ids("grant"), identity: identities }),
  map(all([ids("grant"), instants, maybe(pick("edit rights", "the profile"))]), ([grantId, at, missing]) => ({
    _tag: "CheckRights",
    grantId,
    at,
    ...(missing === undefined ? {} : { missing })
  })),
  all({ _tag: Constant("LoseGrant"), grantId: ids("grant"), loss: schema(Connection.Loss), at: instants }),
  all({ _tag: Constant("Disconnect"), at: instants, by: actors }),
  all({ _tag: Constant("Withdraw"), at: instants, by: actors }),
  all({ _tag: Constant("Reinstate"), at: instants, by: actors })
)

/** An authorization as it starts. */
export const startedAuthorization = (origin: Authorization.Origin = { _tag: "Direct", actor: ada }) =>
  ({
    id: id("authorization"),
    ...owned,
    channel: "amazon-ads",
    accountType: "seller",
    region: "NA",
    marketplaceId: key().marketplaceId,
    origin,
    stateDigest: "5f",
    browserDigest: "b0",
    startedAt: hour(0),
    expiresAt: DateTime.addDuration(hour(0), Authorization.lifetime)
  }) as const
const browserDigest = pick("b0", "b0", "b1")
const found = array(candidates, { maxLength: 4 })
const obstacles: Arbitrary.Arbitrary<ReadonlyArray<Profile.Obstacle>> = array(
  pick<Profile.Obstacle>(
    { weight: "warns", detail: "The login lacks a right." },
    { weight: "blocks", detail: "It belongs to Canada." }
  ),
  { maxLength: 2 }
)
const start = (origin: Authorization.Origin): Arbitrary.Arbitrary<Command<"authorization">> =>
  Constant({ _tag: "Start", authorization: startedAuthorization(origin) })
export const authorization = of<"authorization">(
  oneOf(start({ _tag: "Direct", actor: ada }), start({ _tag: "ByLink", invitationId: id("invitation") })),
  all({ _tag: Constant("Return"), browserDigest, grantId: ids("grant"), at: instants }),
  all({ _tag: Constant("Return"), browserDigest: Constant("b0"), grantId: ids("grant"), at: Constant(hour(0.1)) }),
  all({ _tag: Constant("Decline"), browserDigest, detail: texts, at: instants }),
  all({ _tag: Constant("RecordConsent"), candidates: found, at: instants }),
  all({ _tag: Constant("FindCandidates"), candidates: found, at: instants }),
  all({
    _tag: Constant("Select"),
    key: map(between(0, 2), key),
    obstacles,
    confirmed: schema(Schema.Boolean),
    at: instants,
    by: actors
  }),
  all({ _tag: Constant("Fail"), reason: schema(Authorization.FailureReason), detail: texts, at: instants }),
  all({ _tag: Constant("Expire"), at: instants }),
  all({ _tag: Constant("Dismiss"), at: instants, by: actors, because: oneOf(Constant(""), texts) })
)

const issued = (life: Duration.Duration) =>
  ({
    id: id("invitation"),
    ...owned,
    channel: "amazon-ads",
    tokenDigest: "70",
    issuedBy: ada,
    issuedAt: hour(0),
    expiresAt: DateTime.addDuration(hour(0), life)
  }) as const
/** A link that lives so long, to pass on by hand. */
export const issue = (life: Duration.Duration): Command<"invitation"> => ({ _tag: "Issue", link: issued(life) })
/** What is asked of the owner, by mail. */
export const request = (change: Partial<Invitation.Request> = {}): Invitation.Request => ({
  owner: { name: "Olga Olsen", email: "olga@olsen.example" as Text.Email },
  requester: { name: "Ada", email: "ada@agency.example" as Text.Email },
  marketplaceId: key().marketplaceId,
  ...change
})
/** A request to connect that lives so long. */
export const ask = (life: Duration.Duration, change: Partial<Invitation.Request> = {}): Command<"invitation"> => ({
  _tag: "Issue",
  link: { ...issued(life), request: request(change) }
})
export const invitation = of<"invitation">(
  map(
    all([
      pick(1, 24, 168, 720),
      pick(issue, ask, (life: Duration.Duration) => ask(life, { carriedBy: id("invitation", 1) }))
    ]),
    ([hours, make]): Command<"invitation"> => make(Duration.hours(hours))
  ),
  map(between(-40, 40), (days): Command<"invitation"> => issue(Duration.days(days))),
  all({ _tag: Constant("MailAgain"), at: instants }),
  all({ _tag: Constant("Remind"), at: instants }),
  all({ _tag: Constant("Object"), because: schema(Invitation.Objection), at: instants }),
  all({ _tag: Constant("Bounce"), to: pick("owner", "requester"), reason: texts, at: instants }),
  all({ _tag: Constant("Follow"), authorizationId: ids("authorization"), at: instants }),
  all({ _tag: Constant("EndAttempt"), authorizationId: ids("authorization"), outcome: texts, at: instants }),
  all({ _tag: Constant("Use"), authorizationId: ids("authorization"), at: instants }),
  all({ _tag: Constant("Revoke"), at: instants, by: actors }),
  all({ _tag: Constant("Expire"), at: instants })
)

export const grant = of<"grant">(
  map(schema(Grant.State), (state): Command<"grant"> => {
    if (state._tag === "Absent") {
      return {
        _tag: "Record",
        grant: {
          id: id("grant"),
          organizationId: owned.organizationId,
          authorizationId: id("authorization"),
          channel: "amazon-sp",
          region: "EU",
          consentedAt: hour(0)
        }
      }
    }
    const { _tag, ...rest } = state
    if (!("end" in rest)) return { _tag: "Record", grant: nearby(rest) }
    const { end: _end, endedAt: _endedAt, revocation: _revocation, ...recorded } = rest
    return { _tag: "Record", grant: nearby(recorded) }
  }),
  map(pick<"edit" | "view">("edit", "view"), (permission): Command<"grant"> => ({
    _tag: "Record",
    grant: {
      id: id("grant"),
      organizationId: owned.organizationId,
      advertiser: advertiser(0, { permission }),
      channel: "walmart-connect",
      region: "WALMART-US",
      consentedAt: hour(0)
    }
  })),
  all({
    _tag: Constant("SeeAdvertiser"),
    advertiser: map(pick<"edit" | "view">("edit", "view"), (permission) => advertiser(0, { permission })),
    at: instants
  }),
  all({
    _tag: Constant("HandOver"),
    to: map(between(0, 2), (n) => ({ personId: id("person", n), name: `Person ${n}` })),
    at: instants
  }),
  all({ _tag: Constant("End"), end: schema(Grant.End), at: instants }),
  all({ _tag: Constant("JudgeIdentity"), identity: identities }),
  all({ _tag: Constant("RecordRevocation"), revocation: schema(Grant.Revocation), at: instants })
)

/** One source per class, of any depth and window length. */
export const sources: Arbitrary.Arbitrary<ReadonlyArray<DataClass.Source>> = map(
  array(all({ dataClass: schema(DataClass.Known), depthDays: between(0, 40), windowDays: between(1, 15) }), {
    maxLength: 3
  }),
  (drawn) =>
    due(...drawn.filter((source, index) => drawn.findIndex((other) => other.dataClass === source.dataClass) === index))
)
const fixed = due(
  { dataClass: "advertising", depthDays: 5, windowDays: 2 },
  { dataClass: "content", depthDays: 1, windowDays: 1 }
)
const { companyId: _companyId, ...ofBackfill } = owned
/** Plans a load. */
export const plan = (
  sources: ReadonlyArray<DataClass.Source>,
  today: Day.Day,
  finalisedAt: DateTime.Utc
): Extract<loads.Command, { readonly _tag: "Plan" }> => ({
  _tag: "Plan",
  backfill: { id: id("backfill"), ...ofBackfill },
  sources,
  today,
  finalisedAt
})
/** Has what waits for a person asked for again. */
export const retry = (dataClass: DataClass.DataClass | undefined, at: DateTime.Utc): loads.Command => ({
  _tag: "Retry",
  dataClass,
  at
})
const today = "2028-02-29" as Day.Day
const windowIds = pick(
  ...(Backfill.windows(fixed[0]!, today)
    .concat(Backfill.windows(fixed[1]!, today))
    .map((window) => window.id) as [Window.WindowId, ...Array<Window.WindowId>])
)
const plans = map(all([pick(fixed, fixed, []), pick(0, 0, 1, 40)]), ([sources, hours]) =>
  plan(sources, today, hour(hours))
)
const replans = map(all([sources, days, instants]), ([sources, today, at]) => plan(sources, today, at))
const ofWindow = [
  all({ _tag: Constant("Request"), ticket: pick("r-1", "r-2"), at: instants }),
  all({ _tag: Constant("Restart"), reason: texts, at: instants }),
  all({ _tag: Constant("Refuse"), detail: texts, at: instants }),
  all({ _tag: Constant("LookEmpty"), how: texts, at: instants }),
  all({ _tag: Constant("Load"), rows: between(0, 5), at: instants }),
  all({ _tag: Constant("Load"), rows: between(0, 5), at: instants }),
  all({ _tag: Constant("Skip"), reason: texts, at: instants }),
  all({ _tag: Constant("Block"), reason: texts, at: instants })
] as const

/** Loads with their windows: what creates one, and whatever may be asked of it. */
export const load = {
  creation: plans,
  any: oneOf<loads.Command>(
    plans,
    replans,
    ...ofWindow.map((command) =>
      map(all([command, windowIds]), ([asked, windowId]): loads.Command => ({ ...asked, windowId }))
    ),
    all({ _tag: Constant("CheckDeadline"), dataClass: schema(DataClass.Known), at: instants }),
    all({ _tag: Constant("CheckSync"), at: instants }),
    all({ _tag: Constant("Retry"), dataClass: maybe(schema(DataClass.Known)), at: instants }),
    all({ _tag: Constant("Cancel"), at: instants })
  )
}

const planned = Backfill.windows(fixed[0]!, today)[0]!
/** A window that is planned. */
export const window = of<"window">(
  Constant({
    _tag: "Plan",
    window: {
      id: Window.keyOf(id("backfill"), planned.id),
      organizationId: id("organization"),
      backfillId: id("backfill"),
      connectionId: id("connection"),
      windowId: planned.id,
      dataClass: planned.dataClass,
      from: planned.from,
      until: planned.until,
      startedAt: hour(0)
    }
  }),
  ...ofWindow,
  all({ _tag: Constant("Resume"), reason: texts, at: instants })
)

const ledgers = map(array(between(0, 3), { maxLength: 3 }), (open) =>
  open.map((count, index) => ({
    backfillId: id("backfill"),
    dataClass: DataClass.Known.literals[index]!,
    windows: 3,
    open: count,
    days: 3,
    daysOpen: count,
    rows: 1,
    ...(count === 0 ? {} : { owedSince: hour(0) }),
    blockedBy: []
  }))
)
export const backfill = of<"backfill">(
  map(plans, (command): Command<"backfill"> => ({ ...command, windows: [] })),
  map(replans, (command): Command<"backfill"> => ({ ...command, windows: [] })),
  all({
    _tag: Constant("Settle"),
    open: pick([], ["advertising"] as const, ["content"] as const, ["advertising", "content"] as const),
    at: instants
  }),
  all({ _tag: Constant("CheckDeadline"), dataClass: schema(DataClass.Known), at: instants }),
  all({ _tag: Constant("CheckSync"), tallies: ledgers, at: instants }),
  all({ _tag: Constant("Cancel"), at: instants })
)

export const organization = of<"organization">(
  map(names, (name): Command<"organization"> => ({
    _tag: "Found",
    organization: {
      id: id("organization"),
      organizationId: id("organization"),
      name,
      ownerId: id("person"),
      foundedAt: hour(0)
    }
  })),
  all({ _tag: Constant("Rename"), name: names }),
  all({ _tag: Constant("HandOver"), to: ids("person"), isMember: schema(Schema.Boolean), at: instants }),
  all({ _tag: Constant("OfferOwnership"), to: ids("person"), isMember: schema(Schema.Boolean), at: instants }),
  all({ _tag: Constant("OfferOwnership"), to: Constant(id("person", 1)), isMember: Constant(true), at: instants }),
  all({ _tag: Constant("AcceptOwnership"), by: ids("person"), isMember: schema(Schema.Boolean), at: instants }),
  all({ _tag: Constant("EndOffer"), to: ids("person"), because: schema(Organization.OfferEnd), at: instants }),
  all({ _tag: Constant("Close"), at: instants, by: actors }),
  all({ _tag: Constant("Close"), at: Constant(hour(0)), by: actors }),
  all({ _tag: Constant("Reopen"), at: instants, by: actors }),
  all({ _tag: Constant("Reopen"), at: Constant(hour(1)), by: actors }),
  all({ _tag: Constant("FinishClosing"), at: instants, rows: between(0, 9) }),
  all({ _tag: Constant("FinishClosing"), at: Constant(hour(24 * Organization.closingDays)), rows: between(0, 9) })
)

const chosen = <K extends "company" | "brand" | "account">(kind: K) =>
  array(all({ id: ids(kind), right: schema(Access.Right) }), { maxLength: 3 })
/** One of a few reaches, the widest among them. */
export const reaches: Arbitrary.Arbitrary<Access.AccessScope> = oneOf<Access.AccessScope>(
  Constant(Access.everything),
  all({ _tag: Constant("Limited"), companies: chosen("company"), brands: chosen("brand"), accounts: chosen("account") })
)

const emails = pick("lin@example.com" as Text.Email, "LIN@example.com" as Text.Email, "max@example.com" as Text.Email)
const member0 = { id: id("member"), organizationId: id("organization"), email: "lin@example.com" as Text.Email }
/** Invites the one address that the stories are about. */
export const invite = (
  change: Partial<Extract<Command<"member">, { readonly _tag: "Invite" }>["member"]> = {},
  at = hour(0)
): Extract<Command<"member">, { readonly _tag: "Invite" }> => ({
  _tag: "Invite",
  by: ada,
  at,
  member: { ...member0, role: "member", accessScope: Access.everything, tokenDigest: "7e", round: 1, ...change }
})
/** Makes the founder a member. */
export const join: Extract<Command<"member">, { readonly _tag: "Join" }> = {
  _tag: "Join",
  at: hour(0),
  member: { ...member0, personId: id("person"), name: "Lin", role: "admin" }
}
const newsItems = all({
  id: pick("n1", "n2", "n3"),
  kind: schema(Member.NewsKind),
  subject: Constant("Harbour US is in sync"),
  text: Constant("")
})
export const member: Commands<"member"> = of<"member">(
  oneOf<Command<"member">>(
    Constant(join),
    map(all([schema(Access.GivenRole), reaches, between(1, 4), instants]), ([role, accessScope, round, at]) =>
      invite({ role, accessScope, round }, at)
    )
  ),
  all({ _tag: Constant("Bounce"), round: between(0, 3), reason: Constant("550 unknown"), at: instants }),
  all({ _tag: Constant("MailAgain"), at: instants }),
  all({ _tag: Constant("Accept"), personId: ids("person"), name: Constant("Lin"), email: emails, at: instants }),
  all({ _tag: Constant("Decline"), email: emails, by: actors, at: instants }),
  all({ _tag: Constant("Withdraw"), by: actors, at: instants }),
  all({ _tag: Constant("Expire"), by: actors, at: instants }),
  all({
    _tag: Constant("ChangeAccess"),
    role: schema(Access.GivenRole),
    accessScope: reaches,
    isOwner: schema(Schema.Boolean)
  }),
  all({ _tag: Constant("BecomeOwner"), at: instants }),
  all({ _tag: Constant("ChangeMailPreferences"), mailPreferences: schema(Member.MailPreferences) }),
  all({ _tag: Constant("ChangeCalendarFeed"), digest: pick("one", "other"), at: instants }),
  all({ _tag: Constant("ChangeCalendarFeed"), at: instants }),
  all({ _tag: Constant("CollectNews"), news: newsItems, at: instants }),
  all({ _tag: Constant("MarkNewsMailed"), ids: Constant(["n1", "n2"]), at: instants }),
  all({
    _tag: Constant("Leave"),
    because: pick<"removed" | "left">("removed", "left"),
    isOwner: schema(Schema.Boolean),
    by: actors,
    at: instants
  })
)

/** Creates a key that lives so long. */
export const keyFor = (life: Duration.Duration): Command<"apiKey"> => ({
  _tag: "Create",
  key: {
    id: id("apiKey"),
    organizationId: id("organization"),
    name: "Reports",
    start: "ptl_abcd",
    digest: "d1",
    role: "member",
    scopes: ["read"],
    accessScope: Access.everything,
    createdBy: ada,
    createdAt: hour(0),
    expiresAt: DateTime.addDuration(hour(0), life)
  }
})
export const apiKey = of<"apiKey">(
  map(between(-1, 800), (days) => keyFor(Duration.days(days))),
  all({ _tag: Constant("Revoke"), by: actors, at: instants })
)

const looks = map(
  all([pick("Olsen", "Olsen Ltd"), pick<"edit" | "view">("edit", "view"), instants]),
  ([name, permission, at]): Command<"advertiser"> => ({
    _tag: "See",
    id: id("advertiser"),
    organizationId: id("organization", 9),
    advertiser: advertiser(0, { name, permission }),
    at
  })
)
export const directory = of<"advertiser">(
  looks,
  looks,
  all({ _tag: Constant("Miss"), at: instants }),
  all({ _tag: Constant("Miss"), at: instants }),
  map(all([ids("organization"), instants, actors]), ([tenantId, at, by]) => ({
    _tag: "Assign",
    assignment: { tenantId, tenantName: `Tenant ${tenantId}`, at, by }
  })),
  all({ _tag: Constant("Unassign"), at: instants, by: actors })
)

export const awaited = of<"awaited">(
  map(all([pick("Olsen", "Lindqvist"), instants]), ([advertiser, since]) => ({
    _tag: "Await",
    awaited: {
      id: id("awaited"),
      organizationId: id("organization", 9),
      tenantId: id("organization"),
      tenantName: "North",
      connectionId: id("connection"),
      accountName: "North US",
      marketplaceId: advertiserKey().marketplaceId,
      advertiser,
      requestedBy: "Ada",
      since
    }
  })),
  all({ _tag: Constant("Settle"), at: instants })
)

const reports = map(
  all([pick(...Incident.Kind.literals), between(0, 3), between(0, 8), between(0, 3), instants, instants]),
  ([kind, n, grants, worked, seenAt, at]): Command<"incident"> => ({
    _tag: "Report",
    about: {
      id: id("incident"),
      organizationId: id("organization", 9),
      kind,
      channel: "amazon-ads",
      ...(Incident.rules[kind].scope === "region" ? { region: "NA" } : {})
    },
    call: kind === "refused-for-many" ? "discover" : "token",
    sightings: Array.from({ length: n }, (_, index) => ({
      grantId: id("grant", index),
      tenantId: id("organization", index),
      at: index === 0 ? seenAt : at
    })),
    grants,
    organizations: Math.min(grants, n),
    worked,
    detail: "the provider's words",
    at
  })
)
export const incident = of<"incident">(
  reports,
  reports,
  reports,
  map(all([pick("token", "discover"), between(0, 4), between(0, 4), instants]), ([call, worked, refused, at]) => ({
    _tag: "Clear",
    call,
    worked,
    refused,
    at
  })),
  all({ _tag: Constant("Expire"), at: instants }),
  all({ _tag: Constant("Close"), at: instants, by: actors }),
  all({ _tag: Constant("MarkNotified"), epoch: between(1, 3), about: pick("opened", "closed"), at: instants })
)

/** Begins a diagnosis. */
export const examine: Command<"diagnosis"> = {
  _tag: "Open",
  diagnosis: { id: id("diagnosis"), ...owned, channel: "amazon-ads", openedAt: hour(0) }
}
export const diagnosis = of<"diagnosis">(
  Constant(examine),
  map(all([pick(0, 3), pick<"edit" | "view">("edit", "view"), instants]), ([campaigns, permission, at]) => ({
    _tag: "Observe",
    facts: { campaigns, permission },
    at
  })),
  all({
    _tag: Constant("Answer"),
    check: pick(...Diagnosis.checkIds),
    holds: schema(Schema.Boolean),
    by: actors,
    at: instants
  })
)

/** Logins and accounts of a company: see `consolidation.ts`. */
export const consolidation: Commands<"consolidation"> = {
  creation: Constant(consolidations.open),
  any: oneOf<Command<"consolidation">>(
    consolidations.commands,
    consolidations.commands,
    map(between(0, 4), (n): Command<"consolidation"> => ({
      _tag: "AddCredential",
      credential: consolidations.credential(n)
    })),
    map(all([between(0, 5), between(-1, 4)]), ([n, by]): Command<"consolidation"> => ({
      _tag: "AddProviderAccount",
      account: consolidations.account(n, by < 0 ? undefined : by)
    })),
    pick<Command<"consolidation">>(
      { _tag: "AddCredential", credential: consolidations.credential(0) },
      { _tag: "AddCredential", credential: consolidations.credential(1) },
      consolidations.grant(0, 1, 0),
      {
        _tag: "Withdraw",
        accountId: key(0).externalId,
        credentialId: id("credential", 1),
        performerId: id("credential", 0),
        at: hour(3)
      },
      { _tag: "AddProviderAccount", account: consolidations.account(0, 0) }
    ),
    // An account whose administrator is there, and what this one does: so that stories get anywhere.
    pick<Command<"consolidation">>(
      { _tag: "AddProviderAccount", account: consolidations.account(0, 0) },
      { _tag: "AddCredential", credential: consolidations.credential(1) },
      consolidations.grant(0, 1, 0),
      {
        _tag: "HandOver",
        accountId: key(0).externalId,
        performerId: id("credential", 0),
        toId: id("credential", 1),
        at: hour(3)
      },
      {
        _tag: "Withdraw",
        accountId: key(0).externalId,
        credentialId: id("credential", 1),
        performerId: id("credential", 0),
        at: hour(2)
      }
    ),
    all({ _tag: Constant("Share"), round: between(1, 3), by: actors, at: instants }),
    all({ _tag: Constant("WithdrawShare"), round: between(1, 3), by: actors, at: instants }),
    map(all([between(1, 3), actors, instants]), ([round, by, at]): Command<"consolidation"> => ({
      _tag: "MailPlan",
      round,
      mail: { number: 1, to: "olga@olsen.example" as Text.Email, by, at }
    }))
  )
}
