/** The Selling Partner API: sending calls (https://github.com/amzn/selling-partner-api-docs). */
import { ProviderApi } from "@portolan/ports"
import { DateTime, Effect, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import type { SpCall, SpFailure } from "./judgeSp.ts"
import { judgeSp } from "./judgeSp.ts"
import type { AmazonTransport } from "./Login.ts"

/** Sends one call for a token. */
export type Send = <A>(
  access: ProviderApi.Access,
  what: SpCall<A> & {
    readonly path: string
    readonly query?: { readonly [name: string]: string }
    readonly post?: unknown
  }
) => Effect.Effect<A, SpFailure | ProviderApi.ChannelUnavailable>

// ISO 8601 basic format, as the developer guide shows it for `x-amz-date`.
const basic = (now: DateTime.Utc): string => DateTime.formatIso(now).replaceAll(/[-:]|\.\d{3}/g, "")

/** Builds the sender. */
export const sender =
  ({ guard, settings, wire }: AmazonTransport): Send =>
  (access, what) =>
    Effect.gen(function* () {
      const region = yield* Effect.fromResult(Hosts.region(access.channel, access.region))
      if (settings.sp === undefined) {
        return yield* new ProviderApi.ChannelUnavailable({
          channel: access.channel,
          detail: "no Selling Partner application is configured"
        })
      }
      const url = `${settings.address(Hosts.sellingPartner[region])}${what.path}`
      const request =
        what.post === undefined
          ? HttpClientRequest.get(url, { urlParams: what.query ?? {} })
          : HttpClientRequest.post(url).pipe(HttpClientRequest.bodyText(JSON.stringify(what.post), "application/json"))
      const headers = {
        accept: "application/json",
        "user-agent": settings.sp.userAgent,
        "x-amz-access-token": Redacted.value(access.accessToken),
        "x-amz-date": basic(yield* DateTime.now)
      }
      return yield* wire.call(HttpClientRequest.setHeaders(request, headers), [access.accessToken]).pipe(
        Effect.flatMap((answer) => Effect.fromResult(judgeSp(answer, what))),
        // Amazon counts per operation, selling partner, application and region
        // (https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits).
        guard.within(`sp/${region}/${what.operation.name}/${access.grantId ?? access.grantor ?? ""}`)
      )
    })
