/** What holds beside the refusals: what was accepted is there, and what was refused is not. */
import type { Promised } from "./Check.ts"
import { campaignMedia, type Player, type Tokens } from "./Player.ts"

type Row = Readonly<Record<string, unknown>>

const campaign = {
  name: "Checked",
  state: "PAUSED",
  targetingType: "MANUAL",
  startDate: "2026-08-01",
  endDate: "2026-08-31",
  budget: { budget: 5, budgetType: "DAILY" }
}

const write = async (p: Player, tokens: Tokens, method: string, item: Row): Promise<void> => {
  const headers = { "content-type": campaignMedia }
  await p.ads(tokens, "/sp/campaigns", { method, headers, body: { campaigns: [item] } })
}

const campaignsOf = async (p: Player, tokens: Tokens): Promise<ReadonlyArray<Row>> => {
  const answer = await p.ads(tokens, "/sp/campaigns/list", { headers: { "content-type": campaignMedia }, body: {} })
  return ((await answer.json()) as { readonly campaigns: ReadonlyArray<Row> }).campaigns
}

/** Fields of a row that are not as they were written. */
const unlike = (row: Row | undefined, written: Row): string | undefined => {
  const odd = Object.keys(written).find((key) => JSON.stringify(row?.[key]) !== JSON.stringify(written[key]))
  return odd === undefined ? undefined : `${odd} is ${JSON.stringify(row?.[odd])}, not ${JSON.stringify(written[odd])}`
}

const statusOf = (got: number, due: number): string | undefined =>
  got === due ? undefined : `the answer is ${got}, not ${due}`

/** The promises. */
export const promises: ReadonlyArray<Promised> = [
  {
    id: "KEPT-ADS",
    about: "a campaign is stored as it was accepted",
    wrong: async (p) => {
      const tokens = await p.adsTokens()
      await write(p, tokens, "POST", campaign)
      return unlike(
        (await campaignsOf(p, tokens)).find((one) => one.name === campaign.name),
        campaign
      )
    }
  },
  {
    id: "REFUSED-ADS",
    about: "a campaign that was refused is not there",
    wrong: async (p) => {
      const tokens = await p.adsTokens()
      await write(p, tokens, "POST", { ...campaign, state: "ON" })
      await write(p, tokens, "POST", { ...campaign, startDate: "1999-01-01" })
      const found = (await campaignsOf(p, tokens)).some((one) => one.name === campaign.name)
      return found ? "a refused campaign is in the list" : undefined
    }
  },
  {
    id: "KEPT-WALMART",
    about: "a Walmart campaign is stored as it was accepted",
    wrong: async (p) => {
      const written = { name: "Checked", targetingType: "manual", dailyBudget: 30, startDate: "2026-08-01" }
      await p.walmartCampaigns("Lindqvist Lanterns", { body: [{ ...written, endDate: "2026-08-31" }] })
      const list = (await (await p.walmartCampaigns("Lindqvist Lanterns")).json()) as ReadonlyArray<Row>
      return unlike(
        list.find((one) => one.name === "Checked"),
        { ...written, endDate: "2026-08-31" }
      )
    }
  },
  {
    id: "REFRESH",
    about: "a refresh token is good for a new access token, which works",
    wrong: async (p) => {
      const { refresh_token } = await p.adsTokens()
      p.simulator.advance(7_200_000)
      const tokens = (await (await p.refresh(refresh_token)).json()) as Tokens
      return statusOf((await p.ads(tokens, "/v2/profiles")).status, 200)
    }
  },
  {
    id: "SECRET-OVERLAP",
    about: "the secret before is accepted until its overlap ends",
    wrong: async (p) => {
      const { clientId, clientSecret } = p.simulator.application()
      const { refresh_token } = await p.adsTokens()
      p.simulator.act({ kind: "rotate-secret", clientId, overlapSeconds: 60 })
      return statusOf((await p.refresh(refresh_token, { client_secret: clientSecret })).status, 200)
    }
  },
  {
    id: "VIEW-ONLY",
    about: "somebody who may look sees the campaigns",
    wrong: async (p) => statusOf((await campaignsOf(p, await p.adsTokens("chiara"))).length, 3)
  },
  {
    id: "REVOKED-ONCE",
    about: "a consent that is revoked leaves the others alone",
    wrong: async (p) => {
      const [ada, emre] = [await p.adsTokens(), await p.adsTokens("emre")]
      p.simulator.revoke("ada")
      const [first, second] = [await p.ads(ada, "/v2/profiles"), await p.ads(emre, "/v2/profiles")]
      return statusOf(first.status, 401) ?? statusOf(second.status, 200)
    }
  },
  {
    id: "REPORT-WAITS",
    about: "a report is not ready before its time",
    wrong: async (p) => {
      const tokens = await p.sellerTokens()
      const made = await p.sp(tokens, "/reports/2021-06-30/reports", {
        headers: { "content-type": "application/json" },
        body: { reportType: "GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds: ["ATVPDKIKX0DER"] }
      })
      const { reportId } = (await made.json()) as { readonly reportId: string }
      const polled = await p.sp(tokens, `/reports/2021-06-30/reports/${reportId}`)
      const { processingStatus } = (await polled.json()) as { readonly processingStatus: string }
      return processingStatus === "IN_QUEUE" ? undefined : `it is ${processingStatus} at once`
    }
  }
]
