import { Access, Messages } from "@portolan/domain"
import { Effect, Schema } from "effect"
import type { ProfileTaken } from "../../../driven/UnitOfWork.ts"
import type { Deps } from "../../shared/deps.ts"

/** The profile is connected to another account; it is named when the caller may see it (law REPO-29). */
export class ProfileHeld extends Schema.TaggedError<ProfileHeld>()("ProfileHeld", {
  profile: Schema.String,
  holder: Schema.optionalKey(
    Schema.Struct({ accountId: Schema.String, accountName: Schema.String, connectionId: Schema.String })
  )
}) {
  override get message(): string {
    return this.holder === undefined
      ? Messages.text("profile.held-elsewhere")
      : Messages.text("profile.held-by-account", { account: this.holder.accountName })
  }
}

/** A person as far as it matters for what they may see. */
export type Viewer = Pick<Access.Caller, "organizationId" | "accessScope">

/** Fails with an error that names the holder of a taken profile, when it is an account that the caller may see. */
export const failHeld = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { accessScope, organizationId }: Viewer,
  { holder, profile }: ProfileTaken
) {
  if (holder === undefined) return yield* new ProfileHeld({ profile })
  const { accountId, connectionId } = holder
  const { state } = yield* repository.find("account", organizationId, accountId)
  return yield* Access.canSee(accessScope, state)
    ? new ProfileHeld({ profile, holder: { accountId, accountName: state.name, connectionId } })
    : new ProfileHeld({ profile })
})
