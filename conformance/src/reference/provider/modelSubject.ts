/** A small correct adapter of a made-up provider: every law passes on it, and the mutants are made from it. */
import { Failure, Marketplace, Profile } from "@portolan/domain"
import { Clock, DateTime, Duration, Effect, Redacted, Schema } from "effect"
import type {
  ChannelCase,
  ProviderInstance,
  ProviderService,
  Reply,
  Seen
} from "../../laws/provider/ProviderInstance.ts"
import type { Subject } from "../../Subject.ts"
import { correct, type Decisions, type Kind, temporary } from "./decisions.ts"

/** What the model keeps: the provider's next answer, and what it was sent. */
export interface Model {
  reply: Reply
  readonly requests: Array<Seen>
}

const clientSecret = "client-secret-of-the-model"

/** Waits for the answer as for one over a network, so that time passes while it comes. */
const send = Effect.fnUntraced(function* (model: Model, { sent }: Decisions, request: Seen) {
  model.requests.push(sent(request))
  yield* Effect.sleep(Duration.millis(50))
  return model.reply
})

const request = (path: string, content: string): Seen => ({
  url: `https://api.provider.example${path}`,
  content,
  followsRedirects: false
})

/** Sends a request, again where that is allowed, and judges the answer. */
const call = Effect.fnUntraced(function* (
  model: Model,
  decisions: Decisions,
  kind: Kind,
  { path, secrets }: { readonly path: string; readonly secrets: ReadonlyArray<string> }
) {
  const all = [...secrets, clientSecret]
  let reply = yield* send(model, decisions, request(path, all.join(" ")))
  for (let tries = 1; tries < decisions.tries(kind) && reply.status >= 500; tries++) {
    reply = yield* send(model, decisions, request(path, all.join(" ")))
  }
  const wait = decisions.wait(reply.headers["retry-after"], yield* Clock.currentTimeMillis)
  const said = { detail: decisions.words(reply, all), wait }
  const failure = decisions.failure(reply, kind, said)
  if (failure !== undefined) return yield* failure
  const body = decisions.body(reply.body)
  if (body === undefined) return yield* temporary(said, reply.status)
  return { body, said, status: reply.status }
})

const tokensOf = Effect.fnUntraced(function* (
  model: Model,
  decisions: Decisions,
  kind: "exchange" | "refresh",
  given: { readonly path: string; readonly before: string; readonly secrets: ReadonlyArray<string> }
) {
  const sentAt = yield* Clock.currentTimeMillis
  const { body, said, status } = yield* call(model, decisions, kind, given)
  const { access_token: access, expires_in: seconds, refresh_token: refresh } = body
  if (typeof access !== "string" || access === "" || typeof seconds !== "number" || !(seconds > 0 && seconds < 1e7)) {
    return yield* temporary(said, status)
  }
  const readAt = yield* Clock.currentTimeMillis
  const endsAt = decisions.endsAt(sentAt, seconds)
  return {
    accessToken: Redacted.make(access),
    accessExpiresAt: DateTime.makeUnsafe(Math.min(endsAt, readAt + seconds * 1_000_000)),
    refreshToken: Redacted.make(decisions.kept(refresh, given.before))
  }
})

/** What a call for data fails with: it has no grant and no code to refuse. */
const data = (model: Model, decisions: Decisions, path: string, token: Redacted.Redacted<string>) =>
  call(model, decisions, "data", { path, secrets: [Redacted.value(token)] }).pipe(
    Effect.catchTags({
      GrantRefused: ({ detail }) => Effect.fail(new Failure.Temporary({ detail, throttled: false })),
      CodeRefused: ({ detail }) => Effect.fail(new Failure.Temporary({ detail, throttled: false }))
    })
  )

const make = (model: Model, decisions: Decisions): ProviderService => ({
  authorizeUrl: (request) => Effect.sync(() => decisions.address(request)),
  readStart: (_channel, query) => decisions.readStart(query),
  readCallback: (_channel, query) => decisions.readCallback(query),
  exchange: ({ code, codeVerifier }) =>
    tokensOf(model, decisions, "exchange", {
      path: "/token",
      before: "",
      secrets: [Redacted.value(code), Redacted.value(codeVerifier)]
    }).pipe(Effect.catchTag("GrantRefused", ({ detail }) => Effect.fail(new Failure.CodeRefused({ detail })))),
  refresh: ({ refreshToken }) =>
    tokensOf(model, decisions, "refresh", {
      path: "/token",
      before: Redacted.value(refreshToken),
      secrets: [Redacted.value(refreshToken)]
    }).pipe(Effect.catchTag("CodeRefused", ({ detail }) => Effect.fail(new Failure.GrantRefused({ detail })))),
  prove: ({ accessToken }) =>
    Effect.as(data(model, decisions, "/me", accessToken), {
      _tag: "Unproven",
      doubt: "not-named",
      detail: "nobody is named"
    }),
  discover: ({ accessToken }) => Effect.as(data(model, decisions, "/profiles", accessToken), []),
  advertisers: () => Effect.succeed([]),
  inspect: ({ accessToken }) => Effect.as(data(model, decisions, "/facts", accessToken), {}),
  revoke: ({ refreshToken }) =>
    Effect.map(send(model, decisions, request("/revoke", Redacted.value(refreshToken))), (reply) => ({
      outcome: decisions.revocation(reply),
      detail: `the provider answered ${reply.status}`
    })),
  load: ({ accessToken }) => Effect.as(data(model, decisions, "/rows", accessToken), { _tag: "Rows", rows: [] })
})

const marketplaceId = Schema.decodeSync(Marketplace.Known)("ATVPDKIKX0DER")

const channel: ChannelCase = {
  consent: {
    channel: "amazon-ads",
    accountType: "seller",
    marketplaceId,
    redirectUri: "https://app.example/callback?x=1&y=ü",
    codeChallenge: "challenge"
  },
  access: { channel: "amazon-ads", region: "NA", accountType: "seller", marketplaceId, accessToken: Redacted.make("") },
  profile: {
    _tag: "AdvertisingProfile",
    key: {
      channel: "amazon-ads",
      region: "NA",
      marketplaceId,
      externalId: Schema.decodeSync(Profile.ExternalId)("9007199254740993")
    },
    name: "Lanterns",
    countryCode: "US",
    currency: "USD",
    timeZone: "America/Los_Angeles",
    ownerId: "A1SELLER",
    type: "seller",
    permission: "edit"
  },
  dataClass: "advertising",
  callback: (state, code) => ({ state, code, scope: "profile" }),
  tokens: ({ access, expiresInSeconds, refresh }) => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      access_token: access,
      expires_in: expiresInSeconds,
      ...(refresh === undefined ? {} : { refresh_token: refresh })
    })
  })
}

/** Makes the model, or one that decides otherwise, a subject. */
export const modelSubject = (
  name: string,
  wrap: (decisions: Decisions, model: Model) => Decisions = (decisions) => decisions,
  replaces: (api: ProviderService) => ProviderService = (api) => api
): Subject<ProviderInstance> => ({
  name,
  version: "1",
  place: "in-process",
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(
    Effect.sync((): ProviderInstance => {
      const model: Model = { reply: { status: 503, headers: {}, body: "" }, requests: [] }
      return {
        api: replaces(make(model, wrap(correct, model))),
        channels: [channel],
        secrets: [clientSecret],
        probes: {
          wire: {
            answer: (reply) => Effect.sync(() => void (model.reply = reply)),
            requests: () => Effect.sync(() => [...model.requests])
          }
        }
      }
    })
  )
})
