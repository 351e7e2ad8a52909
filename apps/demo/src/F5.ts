/** Flow F5 over HTTP: only the owner can connect, so they are asked by mail and answer without an account here. */
import type { Do, Mission, SignIn } from "./Flow.ts"
import { at, Browser, find, list, number, text } from "./Http.ts"
import { linkIn, mails, mailTo } from "./Mailbox.ts"
import {
  addCompany,
  atBrowser,
  authenticate,
  choose,
  complete,
  connectionOf,
  enter,
  loaded,
  marketplaceOf,
  openAccount,
  statusOf
} from "./Member.ts"
import { newcomer, signUp, verify } from "./Newcomer.ts"
import { consent, fresh, must, type Place, seen, walk } from "./Place.ts"

const canada = "A2EUQ1WTGCTBG2"

/** The flow. The bookkeeper is the demo world's sign-in; the client is Ada, owner of a seller account in Canada. */
export const f5: Mission = {
  flow: "F5",
  title: "Request to connect: the owner connects, the bookkeeper does not (Amazon)",
  steps: (place, signIn, step) => steps(place, signIn, step)
}

const bruno = { name: "Bruno Okafor", email: "bruno@people.example" }

const steps = async (place: Place, signIn: SignIn, step: Do) => {
  const ada = newcomer("Ada Lindqvist")
  const owner = { name: ada.name, email: ada.email }
  const { account, ads, bookkeeper, sp } = await step(
    "A bookkeeper opens the account of a client, and cannot connect it alone",
    ["X-R1"],
    async () => {
      const bookkeeper = await enter(place, signIn, "F5")
      const companyId = await addCompany(bookkeeper, "Lindqvist Lanterns of Canada", "Lindqvist")
      const { accountId: account, tile } = await openAccount(bookkeeper, companyId, "Lanterns Canada", canada)
      return seen(
        { account, bookkeeper, ads: tile("amazon-ads"), sp: tile("amazon-sp") },
        "the account waits for its owner"
      )
    }
  )
  const { browser, session } = bookkeeper
  const draft = { connectionId: sp, owner, marketplaceId: canada, message: "We need this for your <books> & taxes." }
  const sentTo = async (email: string, subject: string) =>
    (await mails(browser)).filter((mail) => mail.to === email && mail.subject === subject)

  const preview = await step(
    "The bookkeeper composes a request and sees the mail before it is sent",
    ["X-R2"],
    async () => {
      const wrong = await session("POST", "/v1/requests/preview", 422, { ...draft, marketplaceId: "ATVPDKIKX0DER" })
      const { json } = await session("POST", "/v1/requests/preview", 200, draft)
      const emailMessage = at(json, "emailMessage")
      must(text(emailMessage, "text").includes(draft.message), "the requester's own words are not in the mail")
      must(!text(emailMessage, "html").includes("<books>"), "the requester's words became markup")
      return seen(json, `“${text(emailMessage, "subject")}”; with another marketplace: ${text(wrong.json, "detail")}`)
    }
  )

  const emailMessage = at(preview, "emailMessage")
  const subject = text(emailMessage, "subject")
  const request = await step(
    "It is sent: both sides get exactly the mail that was shown, once",
    ["X-R2", "X-R3"],
    async () => {
      const { json } = await session(
        "POST",
        "/v1/requests",
        201,
        { ...draft, reference: text(preview, "reference") },
        fresh()
      )
      const again = await session(
        "POST",
        "/v1/requests",
        201,
        { ...draft, reference: text(preview, "reference") },
        fresh()
      )
      must(text(again.json, "id") === text(json, "id"), "pressing twice made a second request")
      const toOwner = await mailTo(browser, owner.email, subject)
      const copy = await mailTo(browser, signIn.email, subject)
      for (const mail of [toOwner, copy]) {
        must(
          mail.text.trimEnd() === text(emailMessage, "text").trimEnd() && mail.html === text(emailMessage, "html"),
          "the mail is not what was shown"
        )
      }
      must((await sentTo(owner.email, subject)).length === 1, "the owner got more than one mail")
      return seen(
        { id: text(json, "id"), path: linkIn(toOwner, "/link/") },
        `mailed to ${owner.email} and ${signIn.email}, the same mail`
      )
    }
  )

  await step(
    "Scanners and forwarding do no harm: looking consumes nothing, and the page names who asks for what",
    ["X-R4", "K-R9"],
    async () => {
      for (let scan = 0; scan < 3; scan++) {
        const { page, status } = await new Browser(place.origin).go(request.path)
        must(
          status === 200 && page.includes("Lindqvist Lanterns of Canada") && page.includes("Vera Solano"),
          `the page answered ${status}`
        )
        must(
          (await fetch(new URL(request.path, place.origin), { method: "HEAD" })).status === 200,
          "a HEAD was refused"
        )
      }
      const { json } = await session("GET", `/v1/requests/${request.id}`, 200)
      must(json.state === "open", `the request is ${String(json.state)}`)
      return seen(undefined, "opened three times by nobody in particular; still open")
    }
  )

  await step(
    "It was forwarded to somebody who is not the owner: Amazon refuses them, they say so, the bookkeeper sees it",
    ["X-R1", "P-R10"],
    async () => {
      const guest = new Browser(place.origin)
      const departure = await guest.go(request.path, {})
      const refused = await walk(place, "bruno", departure.location)
      must(refused.kind === "refused", `the consent was ${String(refused.kind)}`)
      const said = await guest.go(`${request.path}/objection`, { because: "not-the-owner" })
      must(
        said.status === 303 && (await guest.go(said.location)).page.includes("has been told"),
        "the objection was not taken"
      )
      const { json } = await session("GET", `/v1/requests/${request.id}`, 200)
      must(json.objection === "not-the-owner" && json.state === "open", "the request does not show the objection")
      const mail = await mailTo(browser, signIn.email, "is not the owner")
      return seen(undefined, `mailed to the bookkeeper: “${mail.subject}”`)
    }
  )

  await step("He sends it again to the owner", ["X-R3"], async () => {
    const { json } = await session("POST", `/v1/requests/${request.id}/mail-again`, 200)
    must(number(json, "mails") === 2, `the owner was mailed ${String(json.mails)} times`)
    return seen(undefined, `open until ${text(json, "expiresAt")}`)
  })

  const guest = new Browser(place.origin)
  const callback = await step(
    "The owner connects without an account here, and both get a confirmation",
    ["X-R4", "X-R5"],
    async () => {
      const departure = await guest.go(request.path, {})
      must(departure.status === 303, `following the link answered ${departure.status}`)
      const callback = await consent(place, "ada", departure.location)
      const arrived = await guest.go(callback)
      const { page } = await guest.go(arrived.location)
      must(page.includes("onnected"), `the page is ${arrived.location}`)
      const evidence = await statusOf(bookkeeper, sp, "connected")
      const confirmed = await mailTo(browser, owner.email, "onnected")
      const notice = await mailTo(browser, signIn.email, "onnected")
      must(confirmed.subject !== "" && notice.text.includes("/connections/"), "the confirmation leads nowhere")
      return seen(callback, `${text(evidence, "reason")} Both got “${notice.subject}”`)
    }
  )

  await step("A replayed or forwarded link does no harm", ["X-R4"], async () => {
    const before = await connectionOf(bookkeeper, sp)
    const replayed = await guest.go(callback)
    must(replayed.location.includes("again"), "a replayed return was not told so")
    const forwarded = await new Browser(place.origin).go(request.path, {})
    must(forwarded.status === 410 && forwarded.page.includes("used"), `the used link answered ${forwarded.status}`)
    const after = await connectionOf(bookkeeper, sp)
    must(after.linkedAt === before.linkedAt, "the connection was bound anew")
    return seen(undefined, "told that it was used; nothing changed")
  })

  await step("A request for the other API is withdrawn; its owner is told", ["X-R3", "C6"], async () => {
    const { json } = await session("POST", "/v1/requests", 201, { ...draft, connectionId: ads, owner: bruno }, fresh())
    const path = linkIn(await mailTo(browser, bruno.email, ""), "/link/")
    await session("POST", `/v1/requests/${text(json, "id")}/revoke`, 200)
    const { page, status } = await new Browser(place.origin).go(path)
    must(status === 410 && page.includes("withdrawn"), `the withdrawn link answered ${status}`)
    const notice = await mailTo(browser, bruno.email, "withdrew")
    return seen(undefined, `“${notice.subject}”`)
  })

  await step("The first load runs like any other", ["X-R5", "C8"], async () => {
    return seen(undefined, loaded(await complete(bookkeeper, sp)))
  })

  await step(
    "Or they invite the owner as a user, who joins, sees one account only, and starts the connection",
    ["X-R6", "C6"],
    async () => {
      const sent = await browser.go("/members", { email: ada.email, role: "member", to: "limited", [account]: "write" })
      must(sent.status === 303, `inviting answered ${sent.status}`)
      const path = linkIn(await mailTo(browser, ada.email, "invite"), "/join/")
      const hers = new Browser(place.origin)
      await verify(hers, await signUp(place, hers, ada, path))
      must((await hers.go(`${path}/accept`, {})).status === 303, "the consultant could not accept")
      const user = atBrowser(place, hers)
      const accounts = list((await user.api("GET", "/v1/accounts", 200)).json, "items").map((one) => text(one, "name"))
      must(accounts.join() === "Lanterns Canada", `the consultant sees ${accounts.join()}`)
      await choose(user, await authenticate(user, ads, "ada"), (one) => marketplaceOf(one) === canada)
      const evidence = await statusOf(bookkeeper, ads, "connected")
      return seen(undefined, `the consultant sees ${accounts.length} account; ${text(evidence, "reason")}`)
    }
  )

  await step("A renewal campaign asks for both consents in one mail", ["X-R13", "X-R14", "C11"], async () => {
    const { json } = await session("GET", "/v1/renewal-campaigns/connections?withinDays=400", 200)
    const items = [sp, ads].map((id) => {
      const one = find(list(json, "items"), "a consent that ends", ({ connectionId }) => connectionId === id)
      return { connectionId: text(one, "connectionId"), owner }
    })
    const shown = await session("POST", "/v1/renewal-campaigns/preview", 200, { items })
    must(list(shown.json, "mails").length === 1, "the campaign is more than one mail")
    const campaign = at(list(shown.json, "mails")[0] ?? {}, "emailMessage")
    const sent = await session(
      "POST",
      "/v1/renewal-campaigns",
      201,
      { items, reference: text(shown.json, "reference") },
      fresh()
    )
    must(list(sent.json, "items").length === 2, "the campaign is not two requests")
    const mail = await mailTo(browser, owner.email, text(campaign, "subject"))
    must(mail.text.trimEnd() === text(campaign, "text").trimEnd(), "the mail is not what was shown")
    must(new Set(mail.text.match(/\/link\/\S+/g)).size === 2, "the mail has not one link for each account")
    must((await sentTo(owner.email, text(campaign, "subject"))).length === 1, "the owner got more than one mail")
    return seen(undefined, `“${mail.subject}”, two links`)
  })
}
