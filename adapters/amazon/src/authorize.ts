/**
 * The consent addresses. Ads consents are given at Login with Amazon, one page a region
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/authorization-grants); Selling
 * Partner consents at the Seller or Vendor Central of a marketplace
 * (https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow).
 */
import { Marketplace } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Option, Redacted, Result } from "effect"
import * as Hosts from "./Hosts.ts"
import type * as Settings from "./Settings.ts"
import { judge } from "./start.ts"

type Address = Result.Result<URL, ProviderApi.ChannelUnavailable>

const unavailable = (channel: string, detail: string) => new ProviderApi.ChannelUnavailable({ channel, detail })

const address = (base: string, path: string, query: ReadonlyArray<readonly [string, string]>): URL => {
  const url = new URL(base + path)
  for (const [name, value] of query) url.searchParams.set(name, value)
  return url
}

const ads = (settings: Settings.Resolved, request: ProviderApi.ConsentRequest, at: Marketplace.Marketplace): Address =>
  Result.flatMap(Hosts.region(request.channel, at.region), (region): Address =>
    settings.ads === undefined
      ? Result.fail(unavailable(request.channel, "no Ads API application is configured"))
      : Result.succeed(
          address(settings.address(Hosts.consent[region]), "/ap/oa", [
            ["client_id", settings.ads.clientId],
            ["scope", settings.assumptions.adsScope.join(" ")],
            ["response_type", "code"],
            ["redirect_uri", request.redirectUri],
            ["state", Redacted.value(request.state)],
            ["code_challenge", request.codeChallenge],
            // Without it Amazon reads the challenge as `plain`.
            ["code_challenge_method", "S256"]
          ])
        )
  )

/** The page where a consent goes on that began at Amazon. */
const confirmation = (
  settings: Settings.Resolved,
  { applicationId, draft }: Settings.SpApplication,
  { channel, redirectUri, state }: ProviderApi.ConsentRequest,
  query: URLSearchParams
): Address =>
  Result.mapBoth(judge(settings, applicationId, query), {
    onFailure: ({ detail }) => unavailable(channel, detail),
    onSuccess: ({ amazonState, confirmation: { host, path }, isDraft }) =>
      address(settings.address(host), path, [
        ["amazon_state", amazonState],
        ["state", Redacted.value(state)],
        ["redirect_uri", redirectUri],
        ...(isDraft || draft ? [["version", "beta"] as const] : [])
      ])
  })

const central = (
  settings: Settings.Resolved,
  request: ProviderApi.ConsentRequest,
  at: Marketplace.Marketplace
): Address => {
  const host = request.accountType === "vendor" ? at.vendorCentral : at.sellerCentral
  if (settings.sp === undefined) {
    return Result.fail(unavailable(request.channel, "no Selling Partner application is configured"))
  }
  if (request.start !== undefined) return confirmation(settings, settings.sp, request, request.start)
  return Result.succeed(
    address(settings.address(host), "/apps/authorize/consent", [
      ["application_id", settings.sp.applicationId],
      ["state", Redacted.value(request.state)],
      ["redirect_uri", request.redirectUri],
      ...(settings.sp.draft ? [["version", "beta"] as const] : [])
    ])
  )
}

/** The address of the consent page: a pure function of settings and request. */
export const authorize = (settings: Settings.Resolved, request: ProviderApi.ConsentRequest): Address => {
  const { accountType, channel } = request
  if (channel !== "amazon-ads" && channel !== "amazon-sp") {
    return Result.fail(unavailable(channel, "it is not a channel of Amazon"))
  }
  if (accountType !== "seller" && accountType !== "vendor") {
    return Result.fail(unavailable(channel, `${accountType} is not an account type of Amazon`))
  }
  return Option.match(
    Option.filter(Marketplace.find(request.marketplaceId), (found) => found.provider === "amazon"),
    {
      onNone: () => Result.fail(unavailable(channel, `${request.marketplaceId} is not a marketplace of Amazon`)),
      onSome: (at) => (channel === "amazon-ads" ? ads(settings, request, at) : central(settings, request, at))
    }
  )
}
