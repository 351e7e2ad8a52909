/** Login with Amazon: exchanging codes, spending refresh tokens, asking who consented (amazon-lwa sections 4 to 6). */
import { type Channel, type Region } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import type { Guard, Wire } from "@portolan/wire"
import { DateTime, Effect, Option, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import { type Issued, judgeLwa, judgeUser } from "./judgeLwa.ts"
import type * as Settings from "./Settings.ts"

type Secret = Redacted.Redacted<string>
type Api = typeof ProviderApi.ProviderApi.Service

/** Everything this adapter's conversations share. */
export interface Parts {
  readonly settings: Settings.Resolved
  readonly wire: Wire.Wire
  readonly guard: Guard.Guard
}

interface Door {
  readonly clientId: string
  readonly clientSecret: Secret
  readonly host: string
}

const unavailable = (channel: string, detail: string) => new ProviderApi.ChannelUnavailable({ channel, detail })

const form = (url: string, fields: { readonly [name: string]: string }) =>
  HttpClientRequest.post(url).pipe(
    HttpClientRequest.acceptJson,
    HttpClientRequest.bodyText(
      new URLSearchParams(fields).toString(),
      "application/x-www-form-urlencoded;charset=UTF-8"
    )
  )

const tokens = (issued: Issued, sentAt: DateTime.Utc, sent: Option.Option<Secret>): Option.Option<ProviderApi.Tokens> =>
  Option.map(
    Option.orElse(issued.refreshToken, () => sent),
    (refreshToken) => ({
      accessToken: issued.accessToken,
      // From before sending, so that neither the journey nor a slow clock makes it too late (law PROV-06).
      accessExpiresAt: DateTime.add(sentAt, { seconds: issued.lifeSeconds }),
      refreshToken
    })
  )

/**
 * The longest wait at a login host that is kept, in seconds. Every tenant's tokens come through this one door: after a
 * day without it nobody's data would move, and each consent that comes back meanwhile would be lost with its code,
 * which lives five minutes.
 */
export const longestLoginWaitSeconds = 600

/** The `exchange` and `refresh` of the port. */
export const make = ({ guard, settings, wire }: Parts): Pick<Api, "exchange" | "refresh"> => {
  const door = (channel: Channel.Channel, region: Region.Region) =>
    Effect.gen(function* () {
      const at = yield* Effect.fromResult(Hosts.region(channel, region))
      if (channel === "amazon-ads" && settings.ads !== undefined) return { ...settings.ads, host: Hosts.login[at] }
      if (channel === "amazon-sp" && settings.sp !== undefined) return { ...settings.sp, host: Hosts.globalLogin }
      return yield* unavailable(channel, "no application is configured for it")
    })

  const ask = Effect.fnUntraced(function* <Spent extends "code" | "refresh">(
    { clientId, clientSecret, host }: Door,
    spent: Spent,
    fields: { readonly [name: string]: string },
    secrets: ReadonlyArray<Secret>
  ) {
    const request = form(`${settings.address(host)}/auth/o2/token`, {
      ...fields,
      client_id: clientId,
      client_secret: Redacted.value(clientSecret)
    })
    return yield* wire.call(request, [...secrets, clientSecret]).pipe(
      Effect.flatMap((answer) => Effect.fromResult(judgeLwa(answer, spent))),
      guard.within(`login/${host}/${clientId}`, longestLoginWaitSeconds)
    )
  })

  const grantor = (accessToken: Secret) => {
    const request = HttpClientRequest.get(`${settings.address(Hosts.globalLogin)}/user/profile`).pipe(
      HttpClientRequest.acceptJson,
      HttpClientRequest.setHeader("authorization", `Bearer ${Redacted.value(accessToken)}`)
    )
    return wire.call(request, [accessToken]).pipe(
      Effect.map(judgeUser),
      // The consent is in hand already; without this id only "is it the same person?" stays unanswered.
      Effect.catchTag("Temporary", () => Effect.succeed(Option.none<string>()))
    )
  }

  const who = (channel: Channel.Channel, accessToken: Secret, told: string | undefined) => {
    if (channel === "amazon-sp") return Effect.succeed(Option.fromUndefinedOr(told))
    return settings.assumptions.adsScope.some((scope) => scope === "profile" || scope === "profile:user_id")
      ? grantor(accessToken)
      : Effect.succeed(Option.fromUndefinedOr(told))
  }

  const exchange: Api["exchange"] = Effect.fn("AmazonApi.exchange")(
    function* (request) {
      const { channel, code, codeVerifier } = request
      const at = yield* door(channel, request.region)
      const sentAt = yield* DateTime.now
      const fields = {
        grant_type: "authorization_code",
        code: Redacted.value(code),
        redirect_uri: request.redirectUri,
        // Seller and Vendor Central know no PKCE, so no challenge was given there that a verifier could answer.
        ...(channel === "amazon-ads" ? { code_verifier: Redacted.value(codeVerifier) } : {})
      }
      const issued = yield* ask(at, "code", fields, [code, codeVerifier])
      // `judgeLwa` lets no exchange pass without a refresh token.
      const got = Option.getOrThrow(tokens(issued, sentAt, Option.none()))
      const days = channel === "amazon-ads" ? settings.assumptions.adsConsentDays : settings.assumptions.spConsentDays
      const person = yield* who(channel, got.accessToken, request.grantor)
      return {
        ...got,
        ...(Option.isSome(person) ? { grantor: person.value } : {}),
        ...(days === null ? {} : { expiresAt: DateTime.add(sentAt, { days }) })
      }
    },
    // A code is spent the moment it is sent, and the consent exists only in the answer: once begun, it is finished.
    Effect.uninterruptible
  )

  const refresh: Api["refresh"] = Effect.fn("AmazonApi.refresh")(
    function* ({ channel, refreshToken, region }) {
      const at = yield* door(channel, region)
      const sentAt = yield* DateTime.now
      const fields = { grant_type: "refresh_token", refresh_token: Redacted.value(refreshToken) }
      const issued = yield* ask(at, "refresh", fields, [refreshToken])
      return Option.getOrThrow(tokens(issued, sentAt, Option.some(refreshToken)))
    },
    // Amazon does not rotate today; if it ever did, an interrupted refresh would lose the only good token.
    Effect.uninterruptible
  )

  return { exchange, refresh }
}
