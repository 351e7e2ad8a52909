/** Good requests to the Amazon Ads API. */
import type { Caller } from "./Caller.ts"
import { at, type Known, type Sample } from "./Sample.ts"

const media = "application/vnd.spCampaign.v3+json"
const reportMedia = "application/vnd.createasyncreportrequest.v3+json"

const scope = (type: string) => (known: Known) => ({
  "amazon-advertising-api-scope": known.profileId ?? "",
  "content-type": type,
  accept: type
})

/** A profile that Ada may edit. */
const profileOf = ({ simulator }: Caller): string =>
  Object.values(simulator.world().profiles).find(
    ({ id, region, type }) =>
      region === "NA" && type === "seller" && simulator.world().people.ada?.profiles[id] === "edit"
  )?.id ?? ""

const profile: Sample["headers"] = (known, caller) => {
  known.profileId = profileOf(caller)
  return scope("application/json")(known)
}

const campaigns: ReadonlyArray<Sample> = [
  {
    who: "ads",
    to: "POST /sp/campaigns",
    headers: (known, caller) => {
      profile(known, caller)
      return { ...scope(media)(known), prefer: "return=representation" }
    },
    body: () => ({
      campaigns: [
        {
          name: "Parity",
          state: "ENABLED",
          targetingType: "MANUAL",
          startDate: "2026-08-01",
          endDate: "2026-08-31",
          budget: { budget: 5, budgetType: "DAILY" }
        }
      ]
    }),
    learn: (answer, known) => (known.campaignId = at(answer, "campaigns", "success", 0, "campaignId"))
  },
  {
    who: "ads",
    to: "PUT /sp/campaigns",
    headers: scope(media),
    body: ({ campaignId }) => ({ campaigns: [{ campaignId, state: "PAUSED" }] })
  },
  {
    who: "ads",
    to: "POST /sp/campaigns/list",
    headers: scope(media),
    body: () => ({ stateFilter: { include: ["ENABLED", "PAUSED"] }, maxResults: 1 })
  },
  {
    who: "ads",
    to: "POST /sp/campaigns/delete",
    headers: scope(media),
    body: ({ campaignId = "" }) => ({ campaignIdFilter: { include: [campaignId, "1"] } })
  }
]

const reports: ReadonlyArray<Sample> = [
  {
    who: "ads",
    to: "POST /reporting/reports",
    headers: (known, caller) => {
      profile(known, caller)
      return scope(reportMedia)(known)
    },
    body: () => ({
      name: "Parity",
      startDate: "2026-07-01",
      endDate: "2026-07-02",
      configuration: {
        adProduct: "SPONSORED_PRODUCTS",
        groupBy: ["campaign"],
        columns: ["date", "campaignId", "clicks"],
        reportTypeId: "spCampaigns",
        timeUnit: "DAILY",
        format: "GZIP_JSON"
      }
    }),
    learn: (answer, known) => (known.reportId = at(answer, "reportId"))
  },
  {
    who: "ads",
    to: "GET /reporting/reports/{reportId}",
    headers: scope("application/json"),
    path: ({ reportId = "" }) => ({ reportId })
  },
  {
    who: "ads",
    to: "DELETE /reporting/reports/{reportId}",
    headers: scope("application/json"),
    path: ({ reportId = "" }) => ({ reportId })
  }
]

/** The requests, in their order. */
export const samples: ReadonlyArray<Sample> = [
  { who: "ads", to: "GET /v2/profiles" },
  { who: "ads", to: "GET /v2/profiles/{profileId}", path: (_, caller) => ({ profileId: profileOf(caller) }) },
  ...campaigns,
  ...reports
]
