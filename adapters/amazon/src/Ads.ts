/** The Ads API: sending calls (https://advertising.amazon.com/API/docs/en-us/reference/api-overview). */
import { ProviderApi } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import type { AdsCall, AdsFailure } from "./judgeAds.ts"
import { judgeAds } from "./judgeAds.ts"
import type { AmazonTransport } from "./Login.ts"

/** Sends one call for a token; `profileId` goes into the scope header. */
export type Send = <A>(
  access: ProviderApi.Access,
  what: AdsCall<A> & {
    readonly path: string
    readonly profileId?: string
    /** What the answer has to be; plain JSON unless told. */
    readonly accept?: string
    readonly post?: { readonly type: string; readonly body: unknown }
  }
) => Effect.Effect<A, AdsFailure | ProviderApi.ChannelUnavailable>

/** Builds the sender. */
export const sender =
  ({ guard, settings, wire }: AmazonTransport): Send =>
  (access, what) =>
    Effect.gen(function* () {
      const region = yield* Effect.fromResult(Hosts.region(access.channel, access.region))
      if (settings.ads === undefined) {
        return yield* new ProviderApi.ChannelUnavailable({
          channel: access.channel,
          detail: "no Ads API application is configured"
        })
      }
      const url = `${settings.address(Hosts.ads[region])}${what.path}`
      const headers = {
        accept: what.accept ?? "application/json",
        authorization: `Bearer ${Redacted.value(access.accessToken)}`,
        "amazon-advertising-api-clientid": settings.ads.clientId,
        ...(what.profileId === undefined ? {} : { "amazon-advertising-api-scope": what.profileId })
      }
      const request =
        what.post === undefined
          ? HttpClientRequest.get(url)
          : HttpClientRequest.post(url).pipe(HttpClientRequest.bodyText(JSON.stringify(what.post.body), what.post.type))
      return yield* wire.call(HttpClientRequest.setHeaders(request, headers), [access.accessToken]).pipe(
        Effect.flatMap((answer) => Effect.fromResult(judgeAds(answer, what))),
        guard.within(`ads/${region}/${what.operation}/${what.profileId ?? access.grantId ?? access.grantor ?? ""}`)
      )
    })
