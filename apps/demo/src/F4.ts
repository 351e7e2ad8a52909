/** Flow F4 over HTTP: many accounts under one main login, the plan that gathers them, and why one is missing. */
import type { Do, Mission, SignIn } from "./Flow.ts"
import { at, Browser, find, type Json, list, text } from "./Http.ts"
import { addCompany, authenticate, choicesOf, choose, enter, marketplaceOf, openAccount, statusOf } from "./Member.ts"
import { grantOf, lines, linkFrom, merchants, planOf, stepsOf } from "./mainAccount.ts"
import { fresh, must, type Place, seen, simulate, until, world } from "./Place.ts"

const unitedStates = "ATVPDKIKX0DER"
const germany = "A1PA6795UKMFR9"

/** The flow: the worked example of rule S-R2 with logins A, B and M, then diagnosis and two logins for one account. */
export const f4: Mission = {
  flow: "F4",
  title: "Many accounts under one main credential (Amazon)",
  steps: (place, signIn, step) => steps(place, signIn, step)
}

const steps = async (place: Place, signIn: SignIn, step: Do) => {
  const ids = await merchants(place)
  const { adsOf, companyId, member, opened } = await step(
    "A company has three accounts, each under a login of its own",
    ["S-R1", "S-R10"],
    async () => {
      const member = await enter(place, signIn, "F4")
      await simulate(place, "permission", { person: "noor", profile: ids.main, access: "edit" })
      const companyId = await addCompany(member, "Marmara Group", "Marmara")
      const opened = {
        vendor: await openAccount(member, companyId, "Marmara Home, wholesale", unitedStates, "vendor"),
        seller: await openAccount(member, companyId, "Marmara Home, retail", unitedStates),
        main: await openAccount(member, companyId, "Marmara Homes", unitedStates)
      }
      const adsOf = (which: keyof typeof opened) => opened[which].tile("amazon-ads")
      return seen(
        { member, companyId, opened, adsOf },
        "one vendor account and two seller accounts in the United States"
      )
    }
  )
  const { api } = member
  const at4 = `/v1/companies/${companyId}/consolidation`
  const report = (body: Json, expected = 200) => api("POST", `${at4}/told`, expected, body)

  const logins = await step(
    "The admin names the logins A, B and M, what each administers, and M as the main one",
    ["S-R1", "C13"],
    async () => {
      const add = async (name: string) => {
        const { json } = await api(
          "POST",
          `${at4}/logins`,
          201,
          { name, email: `${name.slice(-1).toLowerCase()}@marmara.example` },
          fresh()
        )
        return text(
          find(list(json, "logins"), name, (one) => one.name === name),
          "id"
        )
      }
      const logins = { vendor: await add("Login A"), seller: await add("Login B"), main: await add("Login M") }
      for (const which of ["vendor", "seller", "main"] as const) {
        await api(
          "POST",
          `${at4}/accounts`,
          201,
          { id: ids[which], linkedAccountId: opened[which].accountId, administratorId: logins[which] },
          fresh()
        )
      }
      await report({ kind: "choose-main", credentialId: logins.main })
      const refused = await report(
        {
          kind: "grant",
          accountId: ids.vendor,
          performerId: logins.main,
          credentialId: logins.seller,
          permission: "edit"
        },
        403
      )
      return seen(logins, `M cannot grant what A administers: ${text(refused.json, "detail")}`)
    }
  )

  const grantId = await step(
    "Somebody logs in with M through Login with Amazon; it sees its own account only",
    ["S-R3", "S-R5"],
    async () => {
      const authorization = await authenticate(member, adsOf("main"), "noor")
      const { choices } = await choose(member, authorization, (one) => at(one, "profile").ownerId === ids.main)
      must(choices.length === 1, `M sees ${choices.length} profiles`)
      const grantId = text(await grantOf(member, adsOf("main")), "id")
      const { json } = await api("POST", `${at4}/looks`, 200, { credentialId: logins.main, grantId })
      must(list(planOf(json), "visible").length === 1, "M was seen to reach more than its own account")
      return seen(grantId, "one account visible: Marmara Homes")
    }
  )

  const plan = await step(
    "The plan is the two steps of the example: A grants M, B grants M",
    ["S-R2", "S-R1"],
    async () => {
      const { json } = await api("GET", at4, 200)
      const steps = stepsOf(json)
      const expected = [
        [logins.vendor, ids.vendor],
        [logins.seller, ids.seller]
      ]
        .map(String)
        .toSorted()
      const found = steps
        .map((one) => [one.credentialId, ...list(one, "grants").map(({ accountId }) => accountId)])
        .map(String)
        .toSorted()
      must(JSON.stringify(found) === JSON.stringify(expected), `the plan is ${JSON.stringify(steps)}`)
      return seen(steps, steps.map(lines).join(" | "))
    }
  )

  await step("The plan is shared as a page that needs no sign-in", ["S-R2", "C6"], async () => {
    const { json } = await api("POST", `${at4}/share`, 200)
    const address = new URL(text(at(json, "share"), "url"))
    const { page, status } = await new Browser(place.origin).go(address.pathname)
    must(status === 200 && page.includes("Login A") && page.includes("Login B"), `the shared page answered ${status}`)
    const guessed = await new Browser(place.origin).go(`${address.pathname.slice(0, -43)}${"A".repeat(43)}`)
    must(guessed.status === 404, `a guessed address answered ${guessed.status}`)
    return seen(undefined, `${plan.length} steps to read for everybody who has the address; a guessed one is not known`)
  })

  await step("A and B carry it out at Amazon; looking again shows all three", ["S-R2", "S-R3"], async () => {
    await simulate(place, "permission", { person: "noor", profile: ids.vendor, access: "edit" })
    await simulate(place, "permission", { person: "noor", profile: ids.seller, access: "edit" })
    const { json } = await api("POST", `${at4}/looks`, 200, { credentialId: logins.main })
    const visible = list(planOf(json), "visible")
      .map((one) => `${text(one, "role")} ${text(one, "permission")}`)
      .toSorted()
    must(stepsOf(json).length === 0, `steps are left: ${JSON.stringify(stepsOf(json))}`)
    must(visible.join() === "administrator edit,secondary-user edit,secondary-user edit", `M is ${visible.join()}`)
    return seen(
      undefined,
      "M administers its own account and is secondary user of the other two; nothing is left to do"
    )
  })

  await step("One consent serves further accounts without another consent", ["S-R4", "C1"], async () => {
    await linkFrom(member, grantId, adsOf("vendor"), (one) => at(one, "profile").ownerId === ids.vendor)
    const { json } = await api("GET", `/v1/grants/${grantId}`, 200)
    must(list(json, "connections").length === 2, "the consent does not serve two connections")
    return seen(undefined, "the vendor account lives on M's consent")
  })

  await step("A right withdrawn at Amazon is mirrored, and so is its return", ["S-R6", "S-R3"], async () => {
    await simulate(place, "permission", { person: "noor", profile: ids.seller, access: "none" })
    const lost = await api("POST", `${at4}/looks`, 200, { credentialId: logins.main })
    must(stepsOf(lost.json).length === 1, "the lost access is not planned again")
    await simulate(place, "permission", { person: "noor", profile: ids.seller, access: "edit" })
    const back = await api("POST", `${at4}/looks`, 200, { credentialId: logins.main })
    must(stepsOf(back.json).length === 0, "the regained access is still planned")
    return seen(undefined, "the plan asks B once more while the access is away")
  })

  await step("Two logins reach one account: one is revoked, the other takes over", ["S-R7", "S-R6"], async () => {
    const authorization = await authenticate(member, adsOf("seller"), "emre")
    await choose(member, authorization, (one) => at(one, "profile").ownerId === ids.seller)
    const second = text(await grantOf(member, adsOf("seller")), "id")
    await simulate(place, "revoke", { person: "noor" })
    const { json } = await api("POST", `/v1/connections/${adsOf("vendor")}/diagnosis`, 200)
    must(
      find(list(json, "checks"), "the check", ({ id }) => id === "login-used").state === "failed",
      "the revocation was not seen"
    )
    await until("the other login to take over", 30, async () =>
      text(await grantOf(member, adsOf("vendor")).catch(() => ({ id: "" })), "id") === second ? true : undefined
    )
    const evidence = await statusOf(member, adsOf("vendor"), "connected")
    return seen(undefined, text(evidence, "reason"))
  })

  const steppe = await step(
    "An account is missing: six checks say why, and ask where Amazon does not tell",
    ["S-R5", "P-R2", "C9"],
    async () => {
      const steppe = await openAccount(member, companyId, "Степова майстерня", germany)
      const ads = steppe.tile("amazon-ads")
      const authorization = await authenticate(member, ads, "danylo")
      must((await choicesOf(member, authorization)).length === 0, "profiles are visible without a campaign")
      const { json } = await api("POST", `/v1/connections/${ads}/diagnosis`, 200)
      const check = find(list(json, "checks"), "the check", ({ id }) => id === "campaign-exists")
      must(list(json, "checks").length === 6 && json.verdict === "failing", `the verdict is ${String(json.verdict)}`)
      must(check.state === "unanswered", `whether there is a campaign is ${String(check.state)}`)
      const answered = await api("PUT", `/v1/connections/${ads}/diagnosis/answers`, 200, {
        check: "campaign-exists",
        holds: false
      })
      must(answered.json.headline === "campaign-exists", `the headline is ${String(answered.json.headline)}`)
      return seen(
        { ads, authorization },
        `${text(json, "summary")} The owner says: ${text(answered.json, "summary")} ${text(answered.json, "nextStep")}`
      )
    }
  )

  await step(
    "A campaign is created; the next look heals it, and the profile can be chosen",
    ["S-R5", "P-R2", "K-R13"],
    async () => {
      const all = await world(place)
      const own = Object.keys(
        at(
          find(list(all, "people"), "Danylo", ({ id }) => id === "danylo"),
          "profiles"
        )
      )
      const profile = find(
        list(all, "profiles"),
        "the German profile",
        (one) => own.includes(text(one, "id")) && one.marketplaceId === germany
      )
      await simulate(place, "campaign", { profile: text(profile, "id") })
      await simulate(place, "advance", { milliseconds: 60_000 })
      const { json } = await api("POST", `/v1/connections/${steppe.ads}/diagnosis`, 200)
      const check = find(list(json, "checks"), "the check", ({ id }) => id === "campaign-exists")
      must(check.state === "passed" && check.answeredBy === "provider", "what Amazon tells does not beat the answer")
      await choose(member, steppe.authorization, (one) => marketplaceOf(one) === germany)
      return seen(undefined, `What Amazon shows beats the answer: ${text(check, "explanation")}`)
    }
  )
}
