import type { Authorization } from "@portolan/domain"
import { Effect } from "effect"
import type { Versioned } from "../../../driven/Repository.ts"
import { type CommitContext, type Decision, decideOn, on } from "../../shared/change.ts"
import type { Deps } from "../../shared/deps.ts"

/** Decides to drop a consent that waits for a choice, also on its connection; its tokens are forgotten. */
export const dismissConsent = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  context: CommitContext,
  read: Versioned<Authorization.Present>,
  because: string
) {
  const { actor: by, at } = context
  const { connectionId, id: authorizationId } = read.state
  const dismissed = yield* decideOn("authorization", read, { _tag: "Dismiss", at, by, because })
  const drop = on("connection", connectionId, { _tag: "DropSelection", authorizationId })
  return {
    decided: [dismissed, yield* drop(deps, context)],
    result: dismissed.next as Authorization.Present
  } satisfies Decision<Authorization.Present>
})
