/**
 * When a consent ends by itself (rule C11): a row of the provider's table. An end is put on record when a consent is
 * given, and an end on record stays as it is; a later rule does not give an end to consents from before it.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { type Catalogue, standard } from "./Catalogue.ts"
import type { Channel } from "./Identifier.ts"
import type { ConsentEndRow } from "./ProviderTable.ts"

/** When consents of a channel end by themselves. */
export type { ConsentEndRow } from "./ProviderTable.ts"

/** The rule of a channel; undefined where consents do not end by themselves, or nothing is known about it. */
export const rule = (channel: Channel, catalogue: Catalogue = standard): ConsentEndRow | undefined =>
  catalogue.channels.get(channel)?.consentEnds

/** When a consent that is given at an instant ends by a rule; undefined when the rule is not about consents so old. */
export const at = ({ days, from }: ConsentEndRow, consentedAt: DateTime.Utc): DateTime.Utc | undefined => {
  const begin = from === undefined ? Option.none() : DateTime.make(from)
  return Option.isSome(begin) && DateTime.isLessThan(consentedAt, begin.value)
    ? undefined
    : DateTime.add(consentedAt, { days })
}

/** When a consent ends that is given for a channel at an instant; undefined when it does not end by itself. */
export const of = (
  channel: Channel,
  consentedAt: DateTime.Utc,
  catalogue: Catalogue = standard
): DateTime.Utc | undefined => {
  const found = rule(channel, catalogue)
  return found === undefined ? undefined : at(found, consentedAt)
}
