/**
 * Which call loads which data class of which channel: a table instead of branches, the same checks for every provider.
 */
import { Day, Failure } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Effect } from "effect"

type LoadError = ProviderApi.CallError | Failure.RequestRefused

/** Loads one window of one data class. */
export type Loader = (
  access: ProviderApi.Access,
  request: ProviderApi.WindowRequest
) => Effect.Effect<ProviderApi.WindowAnswer, LoadError>

/** A channel: its name in sentences, its loaders by data class, and what else speaks against a request. */
export interface Channel {
  readonly label: string
  readonly loaders: { readonly [dataClass: string]: Loader }
  /** Why this channel gives nothing to such an account; nothing when it does. */
  readonly objection?: (access: ProviderApi.Access, request: ProviderApi.WindowRequest) => string | undefined
}

const refused = (detail: string) => Effect.fail(new Failure.RequestRefused({ detail, beyondRetention: false }))

const objectionOf = (channel: Channel, access: ProviderApi.Access, request: ProviderApi.WindowRequest) => {
  const { from, profile, until } = request
  if (profile.key.channel !== access.channel) return `the profile belongs to ${profile.key.channel}`
  if (profile.key.region !== access.region) return `the profile belongs to the region ${profile.key.region}`
  if (Day.between(from, until) < 1) return "the window is empty"
  return channel.objection?.(access, request)
}

/** The refusal of a channel that is not the provider's. */
export type Foreign = (channel: string) => Effect.Effect<never, ProviderApi.ChannelUnavailable>

/** The `load` of the port, over a provider's channels. A channel that is not in the table is not the provider's. */
export const load =
  (foreign: Foreign, channels: { readonly [channel: string]: Channel }): Loader =>
  (access, request) => {
    const channel = Object.hasOwn(channels, access.channel) ? channels[access.channel] : undefined
    if (channel === undefined) return foreign(access.channel)
    const objection = objectionOf(channel, access, request)
    if (objection !== undefined) return refused(objection)
    const loader = Object.hasOwn(channel.loaders, request.dataClass) ? channel.loaders[request.dataClass] : undefined
    return loader === undefined ? refused(`${channel.label} gives no ${request.dataClass}`) : loader(access, request)
  }
