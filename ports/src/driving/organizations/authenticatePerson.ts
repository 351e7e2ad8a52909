import { type Access, Messages, Refusal } from "@portolan/domain"
import { Effect } from "effect"
import type { Session } from "../../driven/Identity.ts"
import type { Deps } from "../shared/deps.ts"
import { isOperator } from "./signedIn.ts"

/** Reads the session of a person, whether or not they belong to an organization. */
export const person = Effect.fn("Callers.person")(({ identity }: Deps<"identity">, headers: Headers) =>
  identity.whoIs(headers)
)

/** Reads the session of a person who runs the installation; refuses everybody else. */
export const operator = Effect.fn("Callers.operator")(function* (
  { deployment, identity }: Deps<"deployment" | "identity">,
  headers: Headers
) {
  const session = yield* identity.whoIs(headers)
  if (!isOperator(deployment, session)) {
    return yield* Refusal.make("Access", "operate", "not-permitted", {
      detail: Messages.say("access.people-only-operators"),
      nextStep: Messages.say("access.ask-operator")
    })
  }
  const actor = { _tag: "Operator", personId: session.personId, name: session.name } as const
  return { ...session, actor } satisfies Access.Operator & Session
})
