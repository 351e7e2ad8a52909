/** Every operation of the Amazon Ads API with a rule of this simulator. */
import type { Call } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"
import type { Profile } from "../core/World.ts"
import type { Input } from "../describe/check.ts"
import type { Operation } from "../describe/Described.ts"
import * as Own from "../describe/own.ts"
import * as Route from "../describe/Route.ts"
import * as AdsReports from "./AdsReports.ts"
import * as AdsReportOrder from "./AdsReportOrder.ts"
import type { Caller } from "./AdsDoor.ts"
import * as Campaigns from "./Campaigns.ts"
import * as CampaignWrites from "./CampaignWrites.ts"
import * as Profiles from "./Profiles.ts"

/** An operation of the person who consented. */
export type OfCaller = {
  readonly needs: "login"
  readonly described: Operation
  readonly run: (call: Call, caller: Caller, input: Input) => WireReply
}

/** An operation within one profile, which the person may look at, or change. */
export type OfProfile = {
  readonly needs: "view" | "edit"
  readonly described: Operation
  /** Media type of both directions, where the API insists on one of its own. */
  readonly media?: string
  readonly run: (call: Call, profile: Profile, input: Input, caller: Caller) => WireReply
}

/** An operation. */
export type AdsOperation = OfCaller | OfProfile

const campaign = "application/vnd.spcampaign.v3+json"
const prefer = Own.header("prefer", Own.text)

const campaigns: ReadonlyArray<AdsOperation> = [
  {
    needs: "view",
    media: campaign,
    described: Own.operation("listCampaigns", "POST /sp/campaigns/list", {
      body: Own.maybe(Own.json(Campaigns.listSchema))
    }),
    run: Campaigns.list
  },
  {
    needs: "edit",
    media: campaign,
    described: Own.operation("createCampaigns", "POST /sp/campaigns", {
      parameters: [prefer],
      body: Own.json(CampaignWrites.writeSchema)
    }),
    run: CampaignWrites.create
  },
  {
    needs: "edit",
    media: campaign,
    described: Own.operation("updateCampaigns", "PUT /sp/campaigns", {
      parameters: [prefer],
      body: Own.json(CampaignWrites.writeSchema)
    }),
    run: CampaignWrites.update
  },
  {
    needs: "edit",
    media: campaign,
    described: Own.operation("deleteCampaigns", "POST /sp/campaigns/delete", {
      parameters: [prefer],
      body: Own.json(CampaignWrites.archiveSchema)
    }),
    run: CampaignWrites.archive
  }
]

const reports: ReadonlyArray<AdsOperation> = [
  {
    needs: "view",
    described: Own.operation("createAdsReport", "POST /reporting/reports", {
      body: Own.json(AdsReportOrder.schema, AdsReports.contentType, "application/json")
    }),
    run: AdsReports.create
  },
  { needs: "view", described: Own.operation("getAdsReport", "GET /reporting/reports/{reportId}"), run: AdsReports.get },
  {
    needs: "view",
    described: Own.operation("cancelAdsReport", "DELETE /reporting/reports/{reportId}"),
    run: AdsReports.cancel
  }
]

const profiles: ReadonlyArray<AdsOperation> = [
  {
    needs: "login",
    described: Own.operation("listProfiles", "GET /v2/profiles", { parameters: Profiles.filters }),
    run: Profiles.list
  },
  { needs: "login", described: Own.operation("getProfile", "GET /v2/profiles/{profileId}"), run: Profiles.one }
]

/** The operations. */
export const all: ReadonlyArray<AdsOperation> = [...profiles, ...campaigns, ...reports]

const made = (): Route.Table<AdsOperation> => {
  const table = Route.table<AdsOperation>()
  for (const one of all) Route.add(table, one.described, one)
  return table
}

/** The operations by method and path. */
export const byPath: Route.Table<AdsOperation> = made()
