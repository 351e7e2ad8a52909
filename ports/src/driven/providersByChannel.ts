/** One `ProviderApi` out of several, so that each provider's adapter stays by itself. */
import { Catalogue, type Channel, Messages, Region } from "@portolan/domain"
import { Effect } from "effect"
import { ChannelUnavailable, type ProviderApi } from "./ProviderApi.ts"

type Api = typeof ProviderApi.Service

/** Who speaks for a channel; a channel left out is not available in this deployment. */
export type Routes = { readonly [C in Channel.Channel]?: Api }

const unavailable = (channel: string, detail: string) => new ChannelUnavailable({ channel, detail })

const notServed = (channel: Channel.Channel) => unavailable(channel, Messages.text("channel.no-adapter"))

/**
 * Builds one `ProviderApi` that asks, for each call, the service of its channel, and for advertisers the service of the
 * region's partnership channel. Pure: it adds nothing to what those services answer. A channel without a service fails
 * with `ChannelUnavailable`; where the port promises an answer instead, the answer says so: a callback is `Incomplete`
 * and a revocation has `failed`.
 */
export const providersByChannel = (routes: Routes, catalogue: Catalogue.Catalogue = Catalogue.standard): Api => {
  const by = <A, E>(
    channel: Channel.Channel,
    call: (api: Api) => Effect.Effect<A, E>
  ): Effect.Effect<A, E | ChannelUnavailable> => {
    const api = routes[channel]
    return api === undefined ? Effect.fail(notServed(channel)) : call(api)
  }
  return {
    authorizeUrl: (request) => by(request.channel, (api) => api.authorizeUrl(request)),
    readCallback: (channel, query) =>
      routes[channel]?.readCallback(channel, query) ?? { _tag: "Incomplete", detail: notServed(channel).message },
    readStart: (channel, query) => routes[channel]?.readStart(channel, query) ?? { _tag: "NotOffered" },
    exchange: (request) => by(request.channel, (api) => api.exchange(request)),
    refresh: (request) => by(request.channel, (api) => api.refresh(request)),
    prove: (access) => by(access.channel, (api) => api.prove(access)),
    discover: (access) => by(access.channel, (api) => api.discover(access)),
    advertisers: (region) => {
      const channel = Region.partnership(region, catalogue)
      return channel === undefined
        ? Effect.fail(unavailable("partnership", Messages.text("channel.no-partnership", { region })))
        : by(channel, (api) => api.advertisers(region))
    },
    inspect: (access, about) => by(access.channel, (api) => api.inspect(access, about)),
    revoke: (request) =>
      routes[request.channel]?.revoke(request) ??
      Effect.succeed({ outcome: "failed", detail: notServed(request.channel).message }),
    load: (access, request) => by(access.channel, (api) => api.load(access, request))
  }
}
