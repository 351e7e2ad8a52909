/** The author of a change, kept with it (rules X-R1, K-R1; law REPO-27). */
import * as Schema from "effect/Schema"
import { text } from "../messages/Messages.ts"
import { InvitationId, PersonId } from "./Id.ts"

/** A member, an API key, a guest who followed a link, somebody who runs the installation, or the software itself. */
export const Actor = Schema.TaggedUnion({
  Person: { personId: PersonId, name: Schema.String },
  ApiKey: { keyId: Schema.String, name: Schema.String },
  Guest: { invitationId: InvitationId },
  Operator: { personId: PersonId, name: Schema.String },
  System: { part: Schema.String }
})
export type Actor = typeof Actor.Type

/**
 * How somebody outside the organization reads who acts: a person by name; a key or the software by the organization
 * whose it is, because the name of a key is for its owners.
 */
export const outwardName = (actor: Actor, organization: string): string =>
  actor._tag === "Person" || actor._tag === "Operator" ? actor.name : organization

/** How an actor is named in a history line. */
export const describe = Actor.match({
  Person: (actor) => actor.name,
  ApiKey: (actor) => text("actor.api-key", { name: actor.name }),
  Guest: () => text("actor.guest"),
  Operator: (actor) => text("actor.operator", { name: actor.name }),
  System: (actor) => text("actor.system", { part: actor.part })
})
