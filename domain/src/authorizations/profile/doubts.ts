/** What a provider's table says of the ids and kinds of its profiles. */
import type { Catalogue } from "../../providers/Catalogue.ts"
import type { Channel, Provider } from "../../providers/Identifier.ts"
import { type Message, verbatim } from "../../messages/Messages.ts"

/**
 * Whether two ids show two merchants. An id of another form, such as the one of an advertising account, may stand for
 * the same merchant, so that it differs proves nothing.
 */
export const areDifferent = (one: string, other: string, provider: Provider, catalogue: Catalogue): boolean => {
  const { otherIds = [] } = catalogue.provider.get(provider) ?? {}
  return one !== other && ![one, other].some((id) => otherIds.some((beginning) => id.startsWith(beginning)))
}

/** Why a profile of this subtype is hardly ever the one that is meant; nothing for a subtype that nobody knows. */
export const doubts = (subType: string | undefined, channel: Channel, catalogue: Catalogue): ReadonlyArray<Message> => {
  const provider = catalogue.channels.get(channel)?.provider
  const reasons = provider === undefined ? undefined : catalogue.provider.get(provider)?.doubtfulProfiles
  const name =
    subType
      ?.trim()
      .toUpperCase()
      .replaceAll(/[\s-]+/gu, "_") ?? ""
  const reason = reasons !== undefined && Object.hasOwn(reasons, name) ? reasons[name] : undefined
  return reason === undefined ? [] : [verbatim(reason)]
}
