/**
 * Everyone who lists us as API partner: the advertiser attributes snapshot, version 2, or 1 where that is not had
 * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview). The answer
 * decides who loses access here (rule W-R12), so it is complete or it fails. A line that cannot be read hides nobody
 * else: it is reported with its id, so that its advertiser is not taken for gone.
 */
import { Failure, type Marketplace, Profile, type Region, Text } from "@portolan/domain"
import { LeftOut, type ProviderApi } from "@portolan/ports"
import { Charset, type Download, Json, Quarantine, Table, Values } from "@portolan/wire"
import { type DateTime, Effect, Option, Result, Schema } from "effect"
import type { Connect } from "./Connect.ts"
import * as Hosts from "./Hosts.ts"
import * as Snapshot from "./Snapshot.ts"
import type { WalmartTransport } from "./Token.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

type Permission = Profile.Advertiser["permission"]

const failed = (detail: string) =>
  new Failure.Temporary({ detail: `advertiser attributes: ${detail}`, throttled: false })

const decodeId = Schema.decodeUnknownOption(Profile.ExternalId.check(Schema.isPattern(/^\d{1,30}$/)))

// Names of columns are matched without regard to case: the file's form is not confirmed.
const cell = (line: Table.Line, name: string): Schema.Json | undefined => {
  if (Object.hasOwn(line, name)) return line[name]
  const found = Object.keys(line).find((one) => one.toLowerCase() === name.toLowerCase())
  return found === undefined ? undefined : line[found]
}

/** A text that says something; suppliers' rows write `N/A` where they have nothing. */
const said = (value: Schema.Json | undefined): string => {
  const text = typeof value === "string" ? Text.fromProvider(value) : ""
  return /^(?:n\/a|null|none|-)$/i.test(text) ? "" : text
}

const Access = Schema.Array(
  Schema.Struct({
    resourceGroupName: Schema.String,
    permissionType: Schema.String,
    grantTimeStamp: Schema.optionalKey(Schema.NullOr(Schema.String))
  })
)
type Access = typeof Access.Type
const decodeAccess = Schema.decodeUnknownOption(Access)

const accessOf = (value: Schema.Json | undefined): Option.Option<Access> =>
  // In a table a list can only stand as text.
  decodeAccess(typeof value === "string" ? Option.getOrUndefined(Json.parse(value)) : value)

const isCampaigns = (one: Access[number]): boolean => one.resourceGroupName.toUpperCase() === "CAMPAIGN_MANAGER"
const edits = (one: Access[number]): boolean => isCampaigns(one) && /^edit$/i.test(one.permissionType.trim())

/** `Edit` on campaigns, or `write` access, edits; anything less views. */
const permissionOf = (line: Table.Line): Option.Option<Permission> =>
  Option.match(accessOf(cell(line, "advertiserAccess")), {
    onSome: (access) => Option.some(access.some(edits) ? "edit" : "view"),
    onNone: () => {
      const type = said(cell(line, "apiAccessType"))
      return type === "" ? Option.none() : Option.some(/write|edit/i.test(type) ? "edit" : "view")
    }
  })

/** An instant in any of the usual forms; one without a zone is of UTC. */
const instant = (value: Schema.Json | undefined): Option.Option<DateTime.Utc> =>
  Values.instant(said(value), { timeZone: "UTC" })

const grantedAt = (line: Table.Line): Option.Option<DateTime.Utc> => {
  const own = instant(cell(line, "accessGrantTimeStamp"))
  if (Option.isSome(own)) return own
  const access = Option.getOrElse(accessOf(cell(line, "advertiserAccess")), (): Access => [])
  const campaigns = access.find(isCampaigns) ?? access[0]
  return instant(campaigns?.grantTimeStamp ?? "")
}

const spendLimit = (line: Table.Line): boolean | undefined => {
  const value = cell(line, "accountSpendLimitReached")
  const text = typeof value === "boolean" ? String(value) : said(value).toLowerCase()
  if (text === "1" || text === "true") return true
  return text === "0" || text === "false" ? false : undefined
}

/** One advertiser; nothing for a kind that is readable and new, and the reason for a line that cannot be read. */
const advertiser = (line: Table.Line, at: Marketplace.Marketplace): Profile.Advertiser | string | undefined => {
  const externalId = decodeId(cell(line, "advertiserId"))
  if (Option.isNone(externalId)) return "A line has no readable advertiserId."
  const type = said(cell(line, "advertiserType")).toLowerCase()
  if (type === "") return "A line has no advertiserType."
  if (type !== "1p" && type !== "3p") return undefined
  const permission = permissionOf(line)
  if (Option.isNone(permission)) return "A line does not say which access there is."
  const granted = grantedAt(line)
  const sellerId = said(cell(line, "sellerId"))
  const sellerName = said(cell(line, "sellerName"))
  const limitReached = spendLimit(line)
  return {
    _tag: "Advertiser",
    key: { channel: "walmart-connect", region: at.region, marketplaceId: at.id, externalId: externalId.value },
    name: said(cell(line, "advertiserName")) || `Advertiser ${externalId.value}`,
    countryCode: at.countryCode,
    currency: at.currency,
    type: type === "1p" ? "walmart-1p" : "walmart-3p",
    permission: permission.value,
    ...(sellerId === "" ? {} : { sellerId }),
    ...(sellerName === "" ? {} : { sellerName }),
    ...(Option.isSome(granted) ? { grantedAt: granted.value } : {}),
    ...(limitReached === undefined ? {} : { spendLimitReached: limitReached })
  }
}

/** A listing: who is in it, and the lines that cannot be read. */
export interface Listing {
  readonly found: ReadonlyArray<Profile.Advertiser>
  readonly odd: ReadonlyArray<Quarantine.Quarantined>
}

/**
 * Reads a whole listing. Of two lines about one advertiser the one with more rights counts. A file of which no line can
 * be read is no listing.
 */
export const readAdvertisers = (
  { bytes, charset }: Download.File,
  at: Marketplace.Marketplace
): Result.Result<Listing, Failure.Temporary> => {
  const text = Charset.decode(bytes, [charset])
  const table = text === undefined ? Option.none() : Table.read(text)
  if (Option.isNone(table)) return Result.fail(failed("the file is neither JSON nor a table, or not complete"))
  const found = new Map<string, Profile.Advertiser>()
  const odd = [...table.value.odd]
  let others = 0
  for (const line of table.value.lines) {
    const one = advertiser(line, at)
    if (typeof one === "string") {
      odd.push(Quarantine.apart(one, line, Option.getOrUndefined(decodeId(cell(line, "advertiserId")))))
    } else if (one === undefined) others += 1
    else if (found.get(one.key.externalId)?.permission !== "edit" || one.permission === "edit")
      found.set(one.key.externalId, one)
  }
  const [first] = odd
  return first !== undefined && found.size === 0 && others === 0
    ? Result.fail(failed(first.reason))
    : Result.succeed({ found: [...found.values()], odd })
}

type Kind = "advertiserAttributes" | "advertiserAttributesV2"

/** The other version may still have what this one does not. */
class NotHad extends Schema.TaggedError<NotHad>()("NotHad", { detail: Schema.String }) {}

interface Deps {
  readonly connect: Connect
  readonly settings: WalmartTransport["settings"]
}

interface Market {
  readonly region: Region.Region
  readonly at: Marketplace.Marketplace
}

/** Asks for a listing; gives the snapshot's id. */
const request = Effect.fnUntraced(function* (connect: Connect, region: Region.Region, kind: Kind) {
  const refused = ({ detail }: Failure.RequestRefused) => Effect.fail(new NotHad({ detail }))
  const made = yield* connect
    .send({
      region,
      operation: "createAttributes",
      path: "/api/v1/snapshot/insight",
      schema: Snapshot.State,
      body: JSON.stringify({ insightType: kind, format: "gzip" })
    })
    .pipe(Effect.catchTag("RequestRefused", refused))
  if (Snapshot.hasFailed(made))
    return yield* new NotHad({ detail: sanitizeProviderText(made.details ?? "it gives no reason") })
  const { snapshotId } = made
  return Schema.is(Snapshot.Id)(snapshotId) ? snapshotId : yield* failed("the answer holds no id of a snapshot")
})

/** Polls a listing until it is done, and reads it. */
const fetch = Effect.fnUntraced(function* ({ connect, settings }: Deps, { at, region }: Market, kind: Kind) {
  const snapshotId = yield* request(connect, region, kind)
  while (true) {
    const state = yield* connect
      .send({
        region,
        operation: "getAttributes",
        path: `/api/v1/snapshot?snapshotId=${snapshotId}`,
        schema: Snapshot.State
      })
      .pipe(Effect.catchTag("RequestRefused", ({ detail }) => Effect.fail(failed(detail))))
    const status = Snapshot.status(state)
    if (status === "done") {
      const file = yield* connect
        .download(region, state.details ?? "")
        .pipe(Effect.catchTag("RequestRefused", ({ detail }) => Effect.fail(failed(detail))))
      return yield* Effect.fromResult(readAdvertisers(file, at))
    }
    if (status === "failed" || status === "expired" || Snapshot.hasFailed(state)) {
      return yield* new NotHad({
        detail: sanitizeProviderText(`the snapshot is ${status}: ${state.details ?? "no reason is given"}`)
      })
    }
    if (status !== "pending" && status !== "processing") {
      return yield* failed(`the snapshot's status is not known (${sanitizeProviderText(status).slice(0, 40)})`)
    }
    yield* Effect.sleep(`${settings.limits.advertisersPollSeconds} seconds`)
  }
})

/** The `advertisers` of the port. */
export const make = ({ settings }: WalmartTransport, connect: Connect) => {
  const { limits } = settings
  const deps: Deps = { connect, settings }

  return Effect.fn("WalmartApi.advertisers")(
    function* (region: Region.Region) {
      const at = yield* Effect.fromResult(Hosts.market("walmart-connect", region))
      const { found, odd } = yield* fetch(deps, { at, region }, "advertiserAttributesV2").pipe(
        Effect.catchTag("NotHad", () => fetch(deps, { at, region }, "advertiserAttributes")),
        Effect.catchTag("NotHad", ({ detail }) => Effect.fail(failed(detail))),
        // Never about one advertiser, so it cannot be missing access of one.
        Effect.catchTag("PermissionMissing", ({ detail }) => Effect.fail(failed(detail)))
      )
      yield* LeftOut.report({ channel: "walmart-connect", call: "advertisers", items: odd })
      return found
    },
    Effect.timeoutOrElse({
      duration: `${limits.advertisersSeconds} seconds`,
      orElse: () => Effect.fail(failed(`the listing was not ready within ${limits.advertisersSeconds} seconds`))
    })
  ) satisfies (
    region: Region.Region
  ) => Effect.Effect<
    ReadonlyArray<Profile.Advertiser>,
    Failure.Temporary | Failure.ApplicationRejected | ProviderApi.ChannelUnavailable
  >
}
