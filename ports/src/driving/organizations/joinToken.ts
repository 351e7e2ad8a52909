import type { Id } from "@portolan/domain"
import type { Effect, Redacted } from "effect"
import type { Deps } from "../shared/deps.ts"

/**
 * The token of one invitation of an address to join. It is derived from the deployment's secret, so that it can be
 * mailed again and is never stored. `round` counts the invitations of the address.
 */
export const joinToken = (
  { secrets }: Deps<"secrets">,
  id: Id.MemberId,
  round: number
): Effect.Effect<Redacted.Redacted<string>> => secrets.derive("join-token", `${id}/${round}`)
