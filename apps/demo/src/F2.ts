/** Flow F2 over HTTP: from the sign-up to a loaded history, with two channels, further countries, and a vendor. */
import type { Do, Mission, SignIn } from "./Flow.ts"
import { people } from "./F2People.ts"
import { at, find, list, text } from "./Http.ts"
import {
  accountOf,
  authenticate,
  choicesOf,
  choose,
  complete,
  connectionOf,
  isFree,
  loaded,
  marketplaceOf,
  type Member,
  openAccount,
  statusOf,
  tileOf
} from "./Member.ts"
import { consent, must, type Place, seen, walk } from "./Place.ts"

const [germany, britain, france, japan, unitedStates] = [
  "A1PA6795UKMFR9",
  "A1F83G8C2ARO7P",
  "A13V1IB3VIYZZH",
  "A1VC38T7YXB528",
  "ATVPDKIKX0DER"
] as const

/** The flow; everybody in it signs up on the way. */
export const f2: Mission = {
  flow: "F2",
  title: "Self-serve seller onboarding with two channels (Amazon)",
  steps: (place, signIn, step) => steps(place, signIn, step)
}

/** The authorization that waits for a choice on a connection. */
const pendingOf = async (member: Member, connectionId: string): Promise<string> =>
  text(at(await connectionOf(member, connectionId), "pending"), "authorizationId")

const onboardingOf = async ({ api }: Member, accountId: string) =>
  (await api("GET", `/v1/accounts/${accountId}/onboarding`, 200)).json

/** Binds a profile of a country that a consent lists already to the tile of that country. */
const join = async ({ api }: Member, grantId: string, connectionId: string, marketplaceId: string): Promise<void> => {
  const { json } = await api("GET", `/v1/grants/${grantId}/choices?connection=${connectionId}`, 200)
  const choice = find(
    list(json, "items"),
    "the further country",
    (one) => isFree(one) && marketplaceOf(one) === marketplaceId
  )
  await api("POST", `/v1/grants/${grantId}/links`, 200, {
    connectionId,
    profile: text(at(choice, "profile"), "reference"),
    confirmed: true
  })
}

const grantBehind = async ({ api }: Member, channel: string, connectionId: string): Promise<string> =>
  text(
    find(
      list((await api("GET", `/v1/grants?state=active&channel=${channel}`, 200)).json, "items"),
      "the account's own consent",
      (grant) => list(grant, "connections").some(({ id }) => id === connectionId)
    ),
    "id"
  )

const steps = async (place: Place, signIn: SignIn, step: Do) => {
  const { companyId, owner } = await people(place, signIn, step)
  const { api, browser } = owner

  const { account, ads, sp } = await step(
    "Add account: the type comes first, then name and country",
    ["P-R1", "P-R7", "C2"],
    async () => {
      const form = { key: crypto.randomUUID(), name: "Laternen", company: companyId, marketplace: germany }
      must((await browser.go("/start", form)).status === 422, "an account without a type was accepted")
      const { location, status } = await browser.go("/start", { ...form, type: "seller" })
      must(status === 303, `adding the account answered ${status}`)
      const account = location.replace("/start/", "")
      const detail = await accountOf(owner, account)
      return seen(
        { account, ads: tileOf(detail, "amazon-ads"), sp: tileOf(detail, "amazon-sp") },
        "a seller account in Germany, with two tiles"
      )
    }
  )

  await step("What has to be so is told before the consent", ["P-R2", "P-R3", "C9"], async () => {
    const { json } = await api("GET", "/v1/requirements?channel=amazon-ads&type=seller", 200)
    const titles = list(json, "items").map((one) => text(one, "title"))
    const { page } = await browser.go(`/start/${account}`)
    must(
      titles.length > 0 && page.includes("Before you go on") && page.includes("campaign"),
      "the page does not tell the requirements"
    )
    return seen(undefined, titles.join("; "))
  })

  await step(
    "She connects advertising first, with a login that sees several countries",
    ["P-R8", "P-R9", "C3"],
    async () => {
      const departure = await browser.go(`/start/${account}/advertising`, {})
      must(departure.status === 303, `leaving for Amazon answered ${departure.status}`)
      const arrived = await browser.go(await consent(place, "ada", departure.location))
      const authorization = await pendingOf(owner, ads)
      const choices = await choicesOf(owner, authorization)
      must(new Set(choices.map(marketplaceOf)).size > 3, "the login sees one country only")
      const british = find(choices, "the British profile", (one) => marketplaceOf(one) === britain)
      const profile = text(at(british, "profile"), "reference")
      const refusal = await api("POST", `/v1/authorizations/${authorization}/select`, 409, { profile })
      await api("POST", `/v1/authorizations/${authorization}/select`, 200, { profile, confirmed: true })
      const moved = await accountOf(owner, account)
      must(JSON.stringify(moved.marketplaces) === JSON.stringify([britain]), "the account did not move")
      return seen(
        undefined,
        `back at ${arrived.location.split("/")[1] ?? ""}, ${choices.length} to choose from; ` +
          `${text(refusal.json, "detail")} Confirmed, it moved`
      )
    }
  )

  await step(
    "Then the Selling Partner API: the box, a user without the right, and the owner",
    ["P-R10", "C12"],
    async () => {
      must((await browser.go(`/start/${account}/selling-partner`, {})).status === 422, "the box need not be ticked")
      const first = await browser.go(`/start/${account}/selling-partner`, { agreed: "yes" })
      const refused = await walk(place, "bruno", first.location)
      must(refused.kind === "refused", `an agency's user was ${String(refused.kind)}`)
      const second = await browser.go(`/start/${account}/selling-partner`, { agreed: "yes" })
      await browser.go(await walk(place, "ada", second.location, "allow").then((walked) => text(walked, "url")))
      await choose(owner, await pendingOf(owner, sp), (one) => marketplaceOf(one) === britain)
      const { page } = await browser.go(`/start/${account}`)
      must(page.includes("Selling partner connected"), "the page does not say that the selling partner is connected")
      return seen(
        undefined,
        "Amazon refuses the agency's user and nothing comes back; the owner's consent: selling partner connected, " +
          "next: syncing"
      )
    }
  )

  await step(
    "It syncs to 100 %; the 48 hours are on the account (what happens past them is tested on a clock)",
    ["P-R13", "C8"],
    async () => {
      const advertising = await complete(owner, ads)
      const selling = await complete(owner, sp)
      const way = await onboardingOf(owner, account)
      must(way.complete === true && at(way, "sync").state === "in-sync", `the way is ${JSON.stringify(way)}`)
      return seen(undefined, `${loaded(advertising)}; ${loaded(selling)}; due ${text(at(way, "sync"), "dueAt")}`)
    }
  )

  await step(
    "A further country of the region joins the account under its own consents, without another consent",
    ["P-R6", "C5", "S-R4"],
    async () => {
      const { json } = await api("GET", `/v1/accounts/${account}/expansion?marketplace=${france}`, 200)
      must(json.decision === "add-marketplace" && json.needsConsent === false, `it is ${JSON.stringify(json)}`)
      const consents = {
        "amazon-ads": await grantBehind(owner, "amazon-ads", ads),
        "amazon-sp": await grantBehind(owner, "amazon-sp", sp)
      }
      await api("POST", `/v1/accounts/${account}/marketplaces`, 200, { marketplaceId: france })
      const detail = await accountOf(owner, account)
      for (const channel of ["amazon-ads", "amazon-sp"] as const) {
        const tile = tileOf(detail, channel, france)
        await join(owner, consents[channel], tile, france)
        await statusOf(owner, tile, "connected")
      }
      return seen(undefined, text(json, "explanation"))
    }
  )

  await step("Japan becomes an account of its own, and is told why", ["P-R6", "C5", "X-R12"], async () => {
    const { json } = await api("GET", `/v1/accounts/${account}/expansion?marketplace=${japan}`, 200)
    must(json.decision === "add-account", `it is ${String(json.decision)}`)
    await api("POST", `/v1/accounts/${account}/marketplaces`, 422, { marketplaceId: japan })
    const own = await openAccount(owner, companyId, "Laternen Japan", japan)
    await choose(
      owner,
      await authenticate(owner, own.tile("amazon-ads"), "hanako"),
      (one) => marketplaceOf(one) === japan
    )
    await statusOf(owner, own.tile("amazon-ads"), "connected")
    return seen(undefined, text(json, "explanation"))
  })

  const vendor = await step("A vendor is complete without the Selling Partner API", ["P-R12", "C2"], async () => {
    const vendor = await openAccount(owner, companyId, "Laternen wholesale", unitedStates, "vendor")
    const tile = vendor.tile("amazon-ads")
    await choose(
      owner,
      await authenticate(owner, tile, "ada"),
      (one) => marketplaceOf(one) === unitedStates && at(one, "profile").type === "vendor"
    )
    await complete(owner, tile)
    const way = await onboardingOf(owner, vendor.accountId)
    must(way.complete === true, `the way is ${JSON.stringify(way)}`)
    return seen(
      vendor,
      text(
        find(list(way, "steps"), "the optional step", ({ state }) => state === "optional"),
        "detail"
      )
    )
  })

  await step(
    "Pause, disconnect and remove are different commands; each lists its effects first",
    ["P-R17", "P-R18", "P-R19", "C14"],
    async () => {
      const tile = vendor.tile("amazon-ads")
      for (const [command, address] of [
        ["pause", `/connections/${tile}`],
        ["resume", `/connections/${tile}`],
        ["disconnect", `/connections/${tile}`],
        ["remove", `/accounts/${vendor.accountId}`],
        ["restore", `/accounts/${vendor.accountId}`]
      ] as const) {
        const shown = await browser.go(`${address}/${command}`)
        must(
          shown.status === 200 && /class="effects/.test(shown.page),
          `the page before ${command} answered ${shown.status}`
        )
        const done = await browser.go(`${address}/${command}`, {})
        must(done.status === 303, `${command} answered ${done.status}`)
      }
      return seen(undefined, "paused, resumed, disconnected, removed, restored")
    }
  )
}
