/** What flow F3 does with advertisers of Walmart Connect: looking for them, reading the list, linking one. */
import type { Browser } from "./Http.ts"
import type { Member } from "./Member.ts"
import { must, type Place, simulate, until } from "./Place.ts"

/**
 * An operator asks Walmart now instead of waiting for the next quarter of an hour; gives how many advertisers are
 * listed.
 */
export const lookNow = async (operator: Browser): Promise<number> => {
  const { location, page, status } = await operator.go("/operator/look", { region: "WALMART-US" })
  must(status === 303, `looking answered ${status}: ${page.slice(0, 300)}`)
  return Number(new URL(location, "http://x").searchParams.get("seen"))
}

/** What Walmart takes until a new partner sees the advertiser: the simulated hours pass. */
export const walmartsDelay = (place: Place) => simulate(place, "advance", { milliseconds: 21_000 })

/** The page with the advertisers a connection can be linked to. */
export const advertisersPage = async ({ browser }: Member, connectionId: string): Promise<string> => {
  const { page, status } = await browser.go(`/connections/${connectionId}/advertisers`)
  must(status === 200, `the list of advertisers answered ${status}`)
  return page
}

/** Waits until the list offers to link an advertiser; gives the access it stands for. */
export const offered = (member: Member, connectionId: string, id: string): Promise<string> =>
  until("the advertiser in the list", 30, async () => {
    const card = (await advertisersPage(member, connectionId))
      .split('<li class="card profile')
      .find((one) => one.includes(id))
    return card === undefined ? undefined : /link\?advertiser=([A-Za-z0-9_]+)/.exec(card)?.[1]
  })

/** Links an advertiser; without `confirmed`, warnings are shown instead. */
export const link = ({ browser }: Member, connectionId: string, grant: string, confirmed = true) =>
  browser.go(`/connections/${connectionId}/advertisers/link`, {
    advertiser: grant,
    ...(confirmed ? { confirmed: "yes" } : {})
  })
