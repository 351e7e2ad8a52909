/** What a check is answered from: facts that were fetched, answers of people, and assumptions. */
import * as Schema from "effect/Schema"
import { Actor } from "../../kernel/Actor.ts"
import { Permission } from "../../providers/Permission.ts"
import { CheckId } from "../CheckId.ts"

/** What was fetched. Every field may be absent, because a provider does not always say; absent means unknown. */
export const Facts = Schema.Struct({
  /** Campaigns of the account in the marketplace: how many, or whether there are any. */
  campaigns: Schema.optionalKey(Schema.Union([Schema.Boolean, Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))])),
  /** Whether the login sees the advertising profile (Walmart: whether the advertiser is among those assigned to us). */
  profileVisible: Schema.optionalKey(Schema.Boolean),
  permission: Schema.optionalKey(Permission),
  /** The right to create or pause ad groups, where it was tried apart from campaigns. */
  adGroupPermission: Schema.optionalKey(Permission),
  participating: Schema.optionalKey(Schema.Boolean),
  suspendedListings: Schema.optionalKey(Schema.Boolean),
  paymentValid: Schema.optionalKey(Schema.Boolean),
  /** Whether a person consented with the login button, so that the provider can be asked at all. */
  advertisingConsent: Schema.optionalKey(Schema.Boolean),
  /** Whether the marketplace is enabled in the settings of this product. */
  marketplaceEnabled: Schema.optionalKey(Schema.Boolean),
  /** Checks that the provider was asked about and did not answer. A person is asked instead. */
  notReported: Schema.optionalKey(Schema.Array(CheckId))
})
export type Facts = typeof Facts.Type

/** A person's answer to one check: it holds, or it does not. */
export const Answer = Schema.Struct({ holds: Schema.Boolean, by: Actor, at: Schema.DateTimeUtc })
export type Answer = typeof Answer.Type

const answer = Schema.optionalKey(Answer)
/** At most one answer a check. */
export const Answers = Schema.Struct({
  "campaign-exists": answer,
  "payment-valid": answer,
  "campaign-editable": answer,
  "ad-group-editable": answer,
  "marketplace-enabled": answer,
  "login-used": answer,
  "advertising-permission-in-seller-central": answer,
  participates: answer,
  "partner-added": answer,
  "write-access": answer
})
export type Answers = typeof Answers.Type

/** What no provider document confirms. Pass other values where it turns out differently. */
export interface Assumptions {
  /**
   * A login that may edit campaigns may edit ad groups. Amazon documents one right for its campaign endpoints, not one
   * for each: https://advertising.amazon.com/API/docs/en-us/guides/account-management/permissions
   */
  readonly adGroupsFollowCampaigns: boolean
}
/** The assumptions that hold unless the caller says otherwise. */
export const assumed: Assumptions = { adGroupsFollowCampaigns: true }
