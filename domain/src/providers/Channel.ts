/** An API through which an account is reached, and which accounts need which (rules C1, C2, K-R11, P-R12). */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { text } from "../messages/Messages.ts"
import { type Catalogue, type Entry, standard } from "./Catalogue.ts"
import type { AccountType, Channel, Provider } from "./Identifier.ts"
import type { AccountChannelRow, ChannelRow } from "./ProviderTable.ts"

export { Channel } from "./Identifier.ts"

/** A channel that is in the catalogue. */
export const known = (catalogue: Catalogue) => Schema.Literals([...catalogue.channels.keys()])
/** A channel that is in the standard catalogue. */
export const Known = known(standard)

/** Every channel of a catalogue, in its order. */
export const all = (catalogue: Catalogue = standard): ReadonlyArray<Channel> => [...catalogue.channels.keys()]

/** The row of a channel. */
export const find = (id: Channel, catalogue: Catalogue = standard): Option.Option<Entry<Channel, ChannelRow>> =>
  Option.fromUndefinedOr(catalogue.channels.get(id))

/** How a person reads it; its name when the catalogue does not know it. */
export const label = (id: Channel, catalogue: Catalogue = standard): string => catalogue.channels.get(id)?.label ?? id

/** The same in few words, where the provider is known already. */
export const shortLabel = (id: Channel, catalogue: Catalogue = standard): string =>
  catalogue.channels.get(id)?.shortLabel ?? id

/** What it is for, in one line; empty when the catalogue does not know it. */
export const purpose = (id: Channel, catalogue: Catalogue = standard): string =>
  catalogue.channels.get(id)?.purpose ?? ""

/** Whether anything is loaded through a channel for an account of this type. */
export const loads = (id: Channel, accountType: AccountType, catalogue: Catalogue = standard): boolean =>
  catalogue.accountTypes.get(accountType)?.channels.some((one) => one.channel === id && one.sources.length > 0) === true

/**
 * What the channel is for with an account of this type. Where nothing is loaded through it for the type, that is said
 * instead of a promise (a vendor's Selling Partner API, rule P-R12).
 */
export const purposeFor = (id: Channel, accountType: AccountType, catalogue: Catalogue = standard): string =>
  loads(id, accountType, catalogue) ? purpose(id, catalogue) : text("provider.loads-nothing")

/** What a consent allows, in words for the person who gives it. */
export const allows = (id: Channel, catalogue: Catalogue = standard): ReadonlyArray<string> =>
  catalogue.channels.get(id)?.allows ?? []

/** Whose channel it is; undefined when the catalogue does not know it. */
export const provider = (id: Channel, catalogue: Catalogue = standard): Provider | undefined =>
  catalogue.channels.get(id)?.provider

/** How a person reads the provider of a channel; the channel's name when the catalogue does not know it. */
export const providerLabel = (id: Channel, catalogue: Catalogue = standard): string =>
  catalogue.provider.get(catalogue.channels.get(id)?.provider ?? "")?.label ?? id

/** Whether it reaches advertising, or what a business sells; undefined when the catalogue does not know it. */
export const kind = (id: Channel, catalogue: Catalogue = standard): ChannelRow["kind"] | undefined =>
  catalogue.channels.get(id)?.kind

/** How access to a channel comes about; undefined when the catalogue does not know it. */
export const accessBy = (id: Channel, catalogue: Catalogue = standard): ChannelRow["access"] | undefined =>
  catalogue.channels.get(id)?.access

/** Whether profiles are bound here under an id that a callback names, and that has to be proven. */
export const claimsIdentity = (id: Channel, catalogue: Catalogue = standard): boolean =>
  catalogue.channels.get(id)?.claimsIdentity === true

/** Whether the six checks of rule S-R5 explain a missing account here. */
export const hasChecklist = (id: Channel, catalogue: Catalogue = standard): boolean =>
  catalogue.channels.get(id)?.hasChecklist === true

/** The channels of an account, in the order in which they are offered. Empty when the type is not the provider's. */
export const required = (
  of: Provider,
  type: AccountType,
  catalogue: Catalogue = standard
): ReadonlyArray<AccountChannelRow> => {
  const row = catalogue.accountTypes.get(type)
  return row?.provider === of ? row.channels : []
}
