/**
 * A provider out of a table, so that flows can be tested without HTTP: codes lead to consents, consents see profiles,
 * windows have rows, and any call can be told to fail in any class of failure.
 */
import { Channel, Day, Failure, type Identity, Profile, Region } from "@portolan/domain"
import { CurrentCatalogue, LeftOut, ProviderApi } from "@portolan/ports"
import { DateTime, Effect, HashMap, Layer, Option, Redacted, Ref } from "effect"
import { readCallback, readStart } from "./providerQueries.ts"
import { type Call, type Given, type Operation, ProviderScript, type Table } from "./ProviderScript.ts"

const accessText = (grant: number, generation: number) => `access.${grant}.${generation}`
const refreshText = (grant: number, generation: number) => `refresh.${grant}.${generation}`

const parse = (kind: "access" | "refresh", token: Redacted.Redacted<string>) => {
  const found = new RegExp(`^${kind}\\.(\\d+)\\.(\\d+)$`).exec(Redacted.value(token))
  return found === null ? undefined : { grant: Number(found[1]), generation: Number(found[2]) }
}

const perDay = ({ dataClass, from, until }: ProviderApi.WindowRequest): ProviderApi.WindowAnswer => ({
  _tag: "Rows",
  rows: Array.from({ length: Day.between(from, until) }, (_, index) => {
    const day = Day.plus(from, index)
    return { key: `${dataClass}/${day}`, day, data: { day, value: "1" } }
  })
})

/** The script of answers, and the catalogue that it is about. */
interface Script {
  readonly table: ProviderScript["Service"]["table"]
  readonly catalogue: Effect.Success<typeof CurrentCatalogue.CurrentCatalogue>
}

const record = (script: Script) => (call: Call) =>
  Ref.update(script.table, (state) => ({ ...state, calls: [...state.calls, call] }))

/** Records a call and fails it when its switch says so. */
const enter = (script: Script) =>
  Effect.fnUntraced(function* <O extends Operation>(
    operation: O,
    of: { readonly channel: Channel.Channel; readonly region: Region.Region },
    window?: ProviderApi.WindowRequest
  ) {
    yield* Effect.yieldNow
    const failure = yield* Ref.modify(script.table, (state) => {
      const failing = state.failing[operation]
      const call = { operation, channel: of.channel, region: of.region, ...(window === undefined ? {} : { window }) }
      const calls = [...state.calls, call]
      if (failing === undefined || failing.times <= 0) return [undefined, { ...state, calls }]
      return [
        failing.failure,
        { ...state, calls, failing: { ...state.failing, [operation]: { ...failing, times: failing.times - 1 } } }
      ]
    })
    if (failure !== undefined) return yield* Effect.fail(failure)
  })

const issue = (script: Script) =>
  Effect.fnUntraced(function* (grant: number, change: (state: Table, now: DateTime.Utc) => [Given, Table]) {
    const now = yield* DateTime.now
    const given = yield* Ref.modify(script.table, (state) => change(state, now))
    return {
      accessToken: Redacted.make(accessText(grant, given.generation)),
      accessExpiresAt: given.accessExpiresAt,
      refreshToken: Redacted.make(refreshText(grant, (yield* Ref.get(script.table)).rotates ? given.generation : 0))
    }
  })

const grantOf = (script: Script) =>
  Effect.fnUntraced(function* (access: ProviderApi.Access) {
    const token = parse("access", access.accessToken)
    const now = yield* DateTime.now
    const { given } = yield* Ref.get(script.table)
    const grant = token === undefined ? undefined : Option.getOrUndefined(HashMap.get(given, token.grant))
    const works =
      grant !== undefined &&
      token?.generation === grant.generation &&
      !grant.revoked &&
      DateTime.isGreaterThan(grant.accessExpiresAt, now) &&
      grant.channel === access.channel &&
      grant.region === access.region
    return works ? grant : yield* new Failure.AccessTokenRefused({ detail: "unknown, expired or withdrawn" })
  })

const partners = (script: Script) => (region: Region.Region) =>
  Effect.map(Ref.get(script.table), (state) => Option.getOrElse(HashMap.get(state.partners, region), () => []))

/**
 * What a call sees: the consent's profiles, or whoever lists us where access is a partnership and needs no token.
 */
const seen = (script: Script) => (access: ProviderApi.Access) =>
  Channel.accessBy(access.channel, script.catalogue) === "partner"
    ? partners(script)(access.region)
    : Effect.map(grantOf(script)(access), ({ candidates }) => candidates)

type Port = ProviderApi.ProviderApi["Service"]

const authorizeUrl: Port["authorizeUrl"] = (request) =>
  Effect.sync(() => {
    const url = new URL(`https://provider.invalid/consent/${request.channel}`)
    url.searchParams.set("state", Redacted.value(request.state))
    url.searchParams.set("redirect_uri", request.redirectUri)
    url.searchParams.set("code_challenge", request.codeChallenge)
    url.searchParams.set("marketplace_id", request.marketplaceId)
    url.searchParams.set("account_type", request.accountType)
    if (request.start !== undefined) url.searchParams.set("confirms", request.start.get("amazon_state") ?? "")
    return url
  })

const exchange = (script: Script): Port["exchange"] =>
  Effect.fn("ProviderApi.exchange")(function* (request) {
    yield* enter(script)("exchange", request)
    const code = Redacted.value(request.code)
    const consent = yield* Ref.modify(script.table, (state) => {
      const found = Option.getOrUndefined(HashMap.get(state.codes, code))
      const fits = found !== undefined && found.channel === request.channel && found.region === request.region
      return fits ? [found, { ...state, codes: HashMap.remove(state.codes, code) }] : [undefined, state]
    })
    if (consent === undefined) return yield* new Failure.CodeRefused({ detail: "unknown or used" })
    const grant = yield* Ref.modify(script.table, (state) => [
      state.nextGrant,
      { ...state, nextGrant: state.nextGrant + 1 }
    ])
    const tokens = yield* issue(script)(grant, (state, now) => {
      const accessExpiresAt = DateTime.addDuration(now, state.accessLife)
      const given = { ...consent, revoked: false, generation: 1, accessExpiresAt }
      return [given, { ...state, given: HashMap.set(state.given, grant, given) }]
    })
    return {
      ...tokens,
      ...(consent.grantor === undefined ? {} : { grantor: consent.grantor }),
      ...(consent.expiresAt === undefined ? {} : { expiresAt: consent.expiresAt })
    }
  })

const refresh = (script: Script): Port["refresh"] =>
  Effect.fn("ProviderApi.refresh")(function* (request) {
    yield* enter(script)("refresh", request)
    const token = parse("refresh", request.refreshToken)
    const { given, rotates } = yield* Ref.get(script.table)
    const grant = token === undefined ? undefined : Option.getOrUndefined(HashMap.get(given, token.grant))
    const spent = rotates && token?.generation !== grant?.generation
    if (token === undefined || grant === undefined || grant.revoked || spent) {
      return yield* new Failure.GrantRefused({ detail: "invalid_grant" })
    }
    return yield* issue(script)(token.grant, (state, now) => {
      const accessExpiresAt = DateTime.addDuration(now, state.accessLife)
      const next = { ...grant, generation: grant.generation + 1, accessExpiresAt }
      return [next, { ...state, given: HashMap.set(state.given, token.grant, next) }]
    })
  })

const answerOf = ({ grantor, owner = grantor ?? null }: Given, claimed: string | undefined): Identity.Answer => {
  if (owner === null) return { _tag: "Unproven", doubt: "not-named", detail: "nobody is named" }
  return owner === claimed
    ? { _tag: "Proven", detail: "the provider names the owner" }
    : { _tag: "Contradicted", detail: "the provider names another owner" }
}

const prove = (script: Script): Port["prove"] =>
  Effect.fn("ProviderApi.prove")(function* (access) {
    yield* enter(script)("prove", access)
    return answerOf(yield* grantOf(script)(access), access.grantor)
  })

const discover = (script: Script): Port["discover"] =>
  Effect.fn("ProviderApi.discover")(function* (access) {
    yield* enter(script)("discover", access)
    return yield* seen(script)(access)
  })

const advertisers = (script: Script): Port["advertisers"] =>
  Effect.fn("ProviderApi.advertisers")(function* (region) {
    const channel = Region.partnership(region, script.catalogue) ?? ""
    yield* enter(script)("advertisers", { channel, region })
    yield* LeftOut.report({ channel, call: "advertisers", items: (yield* Ref.get(script.table)).unreadable })
    return yield* partners(script)(region)
  })

const inspect = (script: Script): Port["inspect"] =>
  Effect.fn("ProviderApi.inspect")(function* (access, about) {
    yield* enter(script)("inspect", access)
    yield* seen(script)(access)
    const { facts } = yield* Ref.get(script.table)
    return facts === undefined ? {} : facts(about)
  })

const revoke = (script: Script): Port["revoke"] =>
  Effect.fn("ProviderApi.revoke")(function* ({ channel, refreshToken, region }) {
    yield* Effect.yieldNow
    yield* record(script)({ operation: "revoke", channel, region })
    const token = parse("refresh", refreshToken)
    return yield* Ref.modify(script.table, (state) => [
      state.revocation,
      state.revocation.outcome !== "revoked" || token === undefined
        ? state
        : { ...state, given: HashMap.modify(state.given, token.grant, (given) => ({ ...given, revoked: true })) }
    ])
  })

const load = (script: Script): Port["load"] =>
  Effect.fn("ProviderApi.load")(function* (access, request) {
    yield* enter(script)("load", access, request)
    const candidates = yield* seen(script)(access)
    if (
      Channel.accessBy(access.channel, script.catalogue) === "partner" &&
      !candidates.some(({ key }) => Profile.sameKey(key, request.profile.key))
    ) {
      return yield* new Failure.PermissionMissing({ missing: "access to the advertiser", detail: "not a partner" })
    }
    const { window } = yield* Ref.get(script.table)
    return (window ?? perDay)(request)
  })

/** Answers from `ProviderScript`. */
export const layer: Layer.Layer<ProviderApi.ProviderApi, never, ProviderScript> = Layer.effect(
  ProviderApi.ProviderApi,
  Effect.gen(function* () {
    const { table } = yield* ProviderScript
    const script: Script = { table, catalogue: yield* CurrentCatalogue.CurrentCatalogue }
    return ProviderApi.ProviderApi.of({
      authorizeUrl,
      readCallback,
      readStart,
      exchange: exchange(script),
      refresh: refresh(script),
      prove: prove(script),
      discover: discover(script),
      advertisers: advertisers(script),
      inspect: inspect(script),
      revoke: revoke(script),
      load: load(script)
    })
  })
)
