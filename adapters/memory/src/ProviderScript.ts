/** What the scripted provider answers: a table that a test fills, and a record of what was asked. */
import type { AccountType, Channel, Check, Failure, Grant, Marketplace, Profile, Region } from "@portolan/domain"
import type { LeftOut, ProviderApi } from "@portolan/ports"
import { Context, type DateTime, type Duration, Effect, HashMap, Layer, Ref } from "effect"

/** The calls that can be told to fail. */
export type Operation = "exchange" | "refresh" | "prove" | "discover" | "advertisers" | "inspect" | "load"

/** Everything that can go wrong, by call. */
export interface Failures {
  readonly exchange:
    | Failure.Temporary
    | Failure.CodeRefused
    | Failure.ApplicationRejected
    | ProviderApi.ChannelUnavailable
  readonly refresh:
    | Failure.Temporary
    | Failure.GrantRefused
    | Failure.ApplicationRejected
    | ProviderApi.ChannelUnavailable
  readonly prove: ProviderApi.CallError
  readonly discover: ProviderApi.CallError
  readonly advertisers: Failure.Temporary | Failure.ApplicationRejected | ProviderApi.ChannelUnavailable
  readonly inspect: ProviderApi.CallError
  readonly load: ProviderApi.CallError | Failure.RequestRefused
}

/** What a code leads to. */
export interface Consent {
  readonly channel: Channel.Channel
  readonly region: Region.Region
  /** Who consented as the callback or the token endpoint says. */
  readonly grantor?: string
  /** Whose tokens they are; the grantor's when left out. Null: no answer of the provider names anybody. */
  readonly owner?: string | null
  readonly expiresAt?: DateTime.Utc
  /** What the grant can see. */
  readonly candidates: ReadonlyArray<Profile.Candidate>
}

/** A consent that was given, by number. */
export interface Given extends Consent {
  readonly revoked: boolean
  /** Which access token is the present one; one that is older or past its end is refused. */
  readonly generation: number
  readonly accessExpiresAt: DateTime.Utc
}

/** A call as it was seen. Free of secrets. */
export interface Call {
  readonly operation: Operation | "revoke"
  readonly channel: Channel.Channel
  readonly region: Region.Region
  readonly window?: ProviderApi.WindowRequest
}

/** A switch: how often it still fails, and with what. */
export interface Failing<O extends Operation> {
  readonly times: number
  readonly failure: Failures[O]
}

/** What an inspection is about. */
export interface About {
  readonly marketplaceId: Marketplace.MarketplaceId
  readonly profile?: Profile.Key
}

/** The table. */
export interface Table {
  readonly codes: HashMap.HashMap<string, Consent>
  readonly given: HashMap.HashMap<number, Given>
  readonly nextGrant: number
  readonly failing: { readonly [O in Operation]?: Failing<O> }
  /** Answers to windows; without one a window has one row a day. */
  readonly window?: (request: ProviderApi.WindowRequest) => ProviderApi.WindowAnswer
  /** Who lists us as its partner, by region. */
  readonly partners: HashMap.HashMap<Region.Region, ReadonlyArray<Profile.Advertiser>>
  /** What every list of advertisers holds beside them and nobody can read. */
  readonly unreadable: ReadonlyArray<LeftOut.Quarantined>
  /** Answers to inspections; without one nothing is told. */
  readonly facts?: (about: About) => Check.Facts
  readonly revocation: Grant.Revocation
  readonly accessLife: Duration.Input
  /** Whether a refresh gives a new refresh token, as some providers do. */
  readonly rotates: boolean
  readonly calls: ReadonlyArray<Call>
}

const empty: Table = {
  codes: HashMap.empty(),
  given: HashMap.empty(),
  nextGrant: 1,
  failing: {},
  partners: HashMap.empty(),
  unreadable: [],
  revocation: { outcome: "revoked", detail: "The consent was ended." },
  accessLife: "1 hour",
  rotates: false,
  calls: []
}

/** The script of one instance. */
export class ProviderScript extends Context.Service<
  ProviderScript,
  {
    readonly table: Ref.Ref<Table>
    /** A code that can be exchanged once, for this consent. */
    readonly consents: (code: string, consent: Consent) => Effect.Effect<void>
    /** Changes what the grants of a grantor can see, e.g. when a profile appears a day later (rule P-R2). */
    readonly shows: (grantor: string, candidates: ReadonlyArray<Profile.Candidate>) => Effect.Effect<void>
    /** Withdraws every consent of a grantor: refreshes are refused, access tokens no longer work. */
    readonly withdraw: (grantor: string) => Effect.Effect<void>
    /** Lets the next `times` calls fail; `Infinity` until `heal`. */
    readonly fail: <O extends Operation>(operation: O, failure: Failures[O], times?: number) => Effect.Effect<void>
    /** Ends a failure. */
    readonly heal: (operation: Operation) => Effect.Effect<void>
    /** Answers windows by a function. */
    readonly windows: (answer: (request: ProviderApi.WindowRequest) => ProviderApi.WindowAnswer) => Effect.Effect<void>
    /** Says who lists us as its partner in a region, from now on (rule W-R5). */
    readonly partners: (region: Region.Region, advertisers: ReadonlyArray<Profile.Advertiser>) => Effect.Effect<void>
    /** What every list of advertisers leaves out from now on, because nobody can read it. */
    readonly leavesOut: (items: ReadonlyArray<LeftOut.Quarantined>) => Effect.Effect<void>
    /** Answers inspections by a function. */
    readonly facts: (answer: (about: About) => Check.Facts) => Effect.Effect<void>
    /** What comes of asking to end a consent. It ends only when the outcome is `revoked`, as it does without this. */
    readonly revokes: (revocation: Grant.Revocation) => Effect.Effect<void>
    /** Chooses how long access tokens live and whether refresh tokens rotate. */
    readonly tokens: (choice: {
      readonly accessLife?: Duration.Input
      readonly rotates?: boolean
    }) => Effect.Effect<void>
    /** What was asked so far. */
    readonly calls: Effect.Effect<ReadonlyArray<Call>>
  }
>()("@portolan/memory/ProviderScript") {}

/** An empty script. */
export const layer: Layer.Layer<ProviderScript> = Layer.fresh(
  Layer.effect(
    ProviderScript,
    Effect.gen(function* () {
      const table = yield* Ref.make(empty)
      const grants = (grantor: string, change: (given: Given) => Given) =>
        Ref.update(table, (state) => ({
          ...state,
          given: HashMap.map(state.given, (given) => (given.grantor === grantor ? change(given) : given))
        }))
      return ProviderScript.of({
        table,
        consents: (code, consent) =>
          Ref.update(table, (state) => ({ ...state, codes: HashMap.set(state.codes, code, consent) })),
        shows: (grantor, candidates) => grants(grantor, (given) => ({ ...given, candidates })),
        withdraw: (grantor) => grants(grantor, (given) => ({ ...given, revoked: true })),
        fail: (operation, failure, times = 1) =>
          Ref.update(table, (state) => ({ ...state, failing: { ...state.failing, [operation]: { failure, times } } })),
        heal: (operation) =>
          Ref.update(table, (state) => {
            const { [operation]: _healed, ...failing } = state.failing
            return { ...state, failing }
          }),
        windows: (window) => Ref.update(table, (state) => ({ ...state, window })),
        partners: (region, advertisers) =>
          Ref.update(table, (state) => ({ ...state, partners: HashMap.set(state.partners, region, advertisers) })),
        leavesOut: (unreadable) => Ref.update(table, (state) => ({ ...state, unreadable })),
        facts: (facts) => Ref.update(table, (state) => ({ ...state, facts })),
        revokes: (revocation) => Ref.update(table, (state) => ({ ...state, revocation })),
        tokens: (choice) => Ref.update(table, (state) => ({ ...state, ...choice })),
        calls: Effect.map(Ref.get(table), (state) => state.calls)
      })
    })
  )
)

/** An advertising profile or selling partner with sensible values, for scripts that only care about a few. */
export const candidate = (
  key: Profile.Key,
  more: { readonly name?: string; readonly type?: AccountType.AccountType; readonly ownerId?: string } = {}
): Profile.Candidate => {
  const { name = `Profile ${key.externalId}`, ownerId = "A1SELLER", type = "seller" } = more
  const common = { key, name, countryCode: "US", currency: "USD", type }
  return key.channel === "amazon-sp"
    ? { ...common, _tag: "SellingPartner", isParticipating: true, hasSuspendedListings: false }
    : { ...common, _tag: "AdvertisingProfile", timeZone: "America/Los_Angeles", ownerId, permission: "edit" }
}

/** An advertiser that lists us as its partner, with sensible values. */
export const advertiser = (
  key: Profile.Key,
  more: Partial<Omit<Profile.Advertiser, "_tag" | "key">> = {}
): Profile.Advertiser => ({
  _tag: "Advertiser",
  key,
  name: `Advertiser ${key.externalId}`,
  countryCode: "US",
  currency: "USD",
  type: "walmart-3p",
  permission: "edit",
  ...more
})
