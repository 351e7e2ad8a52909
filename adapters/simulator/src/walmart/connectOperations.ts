/** Every operation of Walmart Connect with a rule of this simulator. Paths lie below the root of the API. */
import type { Call } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"
import type { Input } from "../describe/check.ts"
import type { Operation } from "../describe/Described.ts"
import * as Own from "../describe/own.ts"
import * as Route from "../describe/Route.ts"
import * as Item from "./CampaignItem.ts"
import * as Campaigns from "./Campaigns.ts"
import type { Caller } from "./Door.ts"
import * as Snapshots from "./Snapshots.ts"

/** An operation. */
export type ConnectOperation = {
  readonly described: Operation
  readonly run: (call: Call, caller: Caller, input: Input) => WireReply
}

const operation = (
  name: string,
  template: string,
  takes: Parameters<typeof Own.operation>[2],
  run: ConnectOperation["run"]
): ConnectOperation => ({ described: Own.operation(name, template, takes), run })

/** Whether it is missing or no number is told by a refusal of its own. */
const advertiserId = Own.query("advertiserId", { type: "string" })
const snapshotId = Own.query("snapshotId", Own.text, { required: true })
const ofAdvertiser = { parameters: [advertiserId] }

const campaigns: ReadonlyArray<ConnectOperation> = [
  operation(
    "listWalmartCampaigns",
    "GET /api/v1/campaigns",
    {
      parameters: [
        advertiserId,
        Own.query("campaignId", Own.text),
        Own.query("filter[name]", Own.text),
        Own.refused("filter[lastModifiedDate]", "campaigns here do not keep when they were changed")
      ]
    },
    Campaigns.list
  ),
  operation(
    "createWalmartCampaigns",
    "POST /api/v1/campaigns",
    { ...ofAdvertiser, body: Own.json(Item.list) },
    Campaigns.create
  ),
  operation(
    "updateWalmartCampaigns",
    "PUT /api/v1/campaigns",
    { ...ofAdvertiser, body: Own.json(Item.list) },
    Campaigns.update
  ),
  operation(
    "deleteWalmartCampaigns",
    "PUT /api/v1/campaigns/delete",
    { ...ofAdvertiser, body: Own.json(Item.list) },
    Campaigns.remove
  )
]

const attributes: ReadonlyArray<ConnectOperation> = [
  operation(
    "createWalmartAttributes",
    "POST /api/v1/snapshot/insight",
    {
      body: Own.json(
        Own.fields({
          insightType: Own.oneOf("advertiserAttributes", "advertiserAttributesV2"),
          format: Own.oneOf("zip", "gzip")
        })
      )
    },
    Snapshots.createAttributes
  ),
  operation(
    "getWalmartAttributes",
    "GET /api/v1/snapshot",
    { parameters: [advertiserId, snapshotId] },
    Snapshots.pollAttributes
  )
]

const day = { type: "string" }

const reports: ReadonlyArray<ConnectOperation> = [
  operation(
    "createWalmartReport",
    "POST /api/v2/snapshot/report",
    {
      body: Own.json(
        Own.fields({
          "advertiserId?": { type: ["string", "integer"] },
          reportType: Own.text,
          reportMetrics: Own.list(Own.text, 1, 100),
          "reportDate?": day,
          "startDate?": day,
          "endDate?": day
        })
      )
    },
    Snapshots.createReport
  ),
  operation(
    "getWalmartReport",
    "GET /api/v2/snapshot",
    { parameters: [advertiserId, snapshotId] },
    Snapshots.pollReport
  ),
  operation("downloadWalmartFile", "GET /api/v1/file/{id}", ofAdvertiser, Snapshots.download),
  ...[1, 2].flatMap((version) => [
    operation(
      "getWalmartLatestReportDate",
      `GET /api/v${version}/latestReportDate`,
      ofAdvertiser,
      Snapshots.latest(version === 2)
    ),
    operation("getWalmartStats", `GET /api/v${version}/stats`, ofAdvertiser, Snapshots.stats)
  ])
]

/** The operations. */
export const all: ReadonlyArray<ConnectOperation> = [...campaigns, ...attributes, ...reports]

const made = (): Route.Table<ConnectOperation> => {
  const table = Route.table<ConnectOperation>()
  for (const one of all) Route.add(table, one.described, one)
  return table
}

/** The operations by method and path. */
export const byPath: Route.Table<ConnectOperation> = made()
