/** What flow F4 reads and does around a main account: its plan, the accounts of the example, linking from a consent. */
import { at, find, type Json, list, text } from "./Http.ts"
import { isFree, type Member } from "./Member.ts"
import { type Place, world } from "./Place.ts"

const unitedStates = "ATVPDKIKX0DER"

/**
 * What a provider calls the accounts of the example: the merchant or entity behind the profile of one name and type.
 */
export const merchants = async (place: Place) => {
  const profiles = list(await world(place), "profiles")
  const idOf = (name: string, type: string) =>
    text(
      find(
        profiles,
        `${name} (${type})`,
        (one) => one.accountName === name && one.type === type && one.marketplaceId === unitedStates
      ),
      "accountId"
    )
  return {
    vendor: idOf("Marmara Home", "vendor"),
    seller: idOf("Marmara Home", "seller"),
    main: idOf("Marmara Homes", "seller")
  }
}

/** The plan of a consolidation. */
export const planOf = (consolidation: Json) => at(consolidation, "plan")
/** The steps of its plan. */
export const stepsOf = (consolidation: Json) => list(planOf(consolidation), "steps")
/** A step of a plan in words. */
export const lines = (step: Json) => (Array.isArray(step.lines) ? step.lines.join(" ") : "")

/** Binds a profile that a consent sees to a connection. */
export const linkFrom = async (
  member: Member,
  grantId: string,
  connectionId: string,
  matches: (choice: Json) => boolean
) => {
  const { json } = await member.api("GET", `/v1/grants/${grantId}/choices?connection=${connectionId}`, 200)
  const choice = find(list(json, "items"), "the account's profile", (one) => isFree(one) && matches(one))
  const linked = await member.api("POST", `/v1/grants/${grantId}/links`, 200, {
    connectionId,
    profile: text(at(choice, "profile"), "reference"),
    confirmed: true
  })
  return linked.json
}

/** The consent that a connection lives on. */
export const grantOf = async ({ api }: Member, connectionId: string): Promise<Json> =>
  find(
    list((await api("GET", "/v1/grants?state=active&channel=amazon-ads", 200)).json, "items"),
    "the consent behind it",
    (grant) => list(grant, "connections").some((one) => one.id === connectionId)
  )
