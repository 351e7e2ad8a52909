/** How far it is known who a consent is of, on the wire (rules C4, C10). */
import { Identity as Domain, Messages } from "@portolan/domain"
import { Schema } from "effect"
import { Instant, instant } from "./Text.ts"

/** An identity with its evidence. */
export const Answer = Schema.Struct({
  status: Schema.Literals(["claimed", "proven", "confirmed"]).annotate({
    description:
      "`claimed`: only the consent names the seller, and the profile keeps no other organization out. `proven`: the " +
      "provider, the account's other channel or the store that was connected before shows who it is. `confirmed`: " +
      "an operator of the installation checked it."
  }),
  exclusive: Schema.Boolean.annotate({
    description: "Whether another organization that proves to be the same is refused while it is bound here."
  }),
  evidence: Schema.String.annotate({ description: "What shows it, or why nothing does, as a sentence." }),
  doubt: Schema.optionalKey(Domain.Doubt),
  proof: Schema.optionalKey(Domain.Proof),
  since: Schema.optionalKey(Instant)
}).annotate({
  identifier: "Identity",
  description: "How far it is known that a consent is of the seller that it names."
})

const statuses = { Claimed: "claimed", Proven: "proven", Confirmed: "confirmed" } as const

/** Writes an identity; a consent from before identities were kept is a claim. */
export const of = (identity: Domain.Identity | undefined): typeof Answer.Type => ({
  status: identity === undefined ? "claimed" : statuses[identity._tag],
  exclusive: Domain.isExclusive(identity),
  evidence: Messages.render(Domain.inWords(identity)),
  ...(identity?._tag === "Claimed" ? { doubt: identity.doubt } : {}),
  ...(identity?._tag === "Proven" ? { proof: identity.by } : {}),
  ...(identity === undefined ? {} : { since: instant(identity.at) })
})
