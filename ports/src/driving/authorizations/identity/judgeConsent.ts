import { Connection, given, Identity, Profile } from "@portolan/domain"
import type { DateTime } from "effect"
import { otherOwners } from "../profiles/otherOwners.ts"
import type { Surroundings } from "../profiles/surroundings.ts"

/** What a consent shows of who gave it. */
export interface Shown {
  /** The id that the consent names. */
  readonly grantor?: string
  readonly answer: Identity.Answer
  readonly candidates: ReadonlyArray<Profile.Candidate>
}

/**
 * Judges who a consent is of, for a connection and the account around it; undefined when the provider says that it is
 * of somebody else than it names.
 */
export const judgeConsent = (
  around: Surroundings,
  own: Connection.Present,
  { answer, candidates, grantor }: Shown,
  at: DateTime.Utc
): Identity.Identity | undefined => {
  const link = Connection.isLinked(own) && !Connection.isMistaken(own) ? own.link : undefined
  const again = candidates.find(({ key }) => link !== undefined && Profile.sameKey(key, link.profile.key))
  const isSameStore = link !== undefined && again !== undefined && Identity.isSameStore(link.profile, again)
  const known = { id: grantor, otherOwners: otherOwners(around, own.channel), before: link?.identity, isSameStore }
  return Identity.judge(answer, given(known), at)
}
