import { AccountType, Channel, Connection, Profile } from "@portolan/domain"
import type { Surroundings } from "./surroundings.ts"

/**
 * The merchants behind the other channels of an account, as far as they are bound. Where `listed`, only channels count
 * whose provider lists what a login or a partner sees, because an id that is itself a claim proves nothing.
 */
export const otherOwners = (
  { catalogue, connections }: Pick<Surroundings, "catalogue" | "connections">,
  channel: Channel.Channel,
  listed = true
): ReadonlyArray<string> =>
  connections.flatMap((other) => {
    if (other.channel === channel || !Connection.isLinked(other)) return []
    if (listed && Channel.claimsIdentity(other.channel, catalogue)) return []
    if (!AccountType.sells(other.link.profile.type, catalogue)) return []
    const owner = Profile.owner(other.link.profile)
    return owner === undefined ? [] : [owner]
  })
