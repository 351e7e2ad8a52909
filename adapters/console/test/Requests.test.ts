/**
 * Flow F5 on pages: asking, the preview, the owner's page, the answer of who is not the owner, campaigns, the mailbox.
 */
import { Id, EmailMessage, type Text } from "@portolan/domain"
import { Mailer } from "@portolan/ports"
import { Effect } from "effect"
import { afterEach, describe, expect, it } from "vitest"
import { location } from "./support/asking.ts"
import * as World from "./support/World.ts"

let world: World.World
const made = async (options: World.Options = {}) => {
  world = await World.make(options)
  const company = await world.company("Nordwind Outdoor GmbH", "Nordwind")
  const account = await world.account(company, "Nordwind US")
  const connectionId = await world.connectionOf(account, "amazon-ads")
  return { account, company, connectionId }
}
afterEach(() => world.close())

const unescaped = (text: string) =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
const hidden = (text: string): { readonly [name: string]: string } =>
  Object.fromEntries(
    [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name, value]) => [
      name ?? "",
      unescaped(value ?? "")
    ])
  )
const mails = (organizationId: Id.OrganizationId = World.home) =>
  world
    .run(Effect.flatMap(Mailer.Mailer, (mailer) => mailer.kept(organizationId, { limit: 100 })))
    .then((page) => page.items)
const typed = { name: "Olive Owner", email: "olive@nordwind.example", message: "For the books.\r\nThank you." }
const profile = World.profile("amazon-ads", "US", "1000000000000000001", { name: "Nordwind US" })

/** Asks through the pages, and gives the path of the owner's page. */
const ask = async (connectionId: Id.ConnectionId) => {
  const marketplace = World.market("US")
  const preview = await world.html(`/connections/${connectionId}/request/preview`, {
    as: "mia",
    form: { ...typed, marketplace }
  })
  const sent = await world.ask(`/connections/${connectionId}/request`, { as: "mia", form: hidden(preview) })
  await world.work()
  const mail = (await mails()).find(({ to }) => to.email === typed.email)
  return {
    preview,
    sent,
    mail,
    path: new URL(/https?:\/\/\S+\/link\/\S+/.exec(mail?.emailMessage.text ?? "")?.[0] ?? "http://none/").pathname
  }
}

describe("asking the owner", () => {
  it("shows the very mail before it is sent, in HTML and in text, and sends exactly that to both", async () => {
    const { connectionId, account } = await made()
    expect(await world.html(`/accounts/${account.id}`)).toContain(`/connections/${connectionId}/request`)
    const form = await world.html(`/connections/${connectionId}/request`, { as: "mia" })
    for (const words of ["Owner's name", "Are you the owner yourself?", "United States"])
      expect(unescaped(form)).toContain(words)
    const { mail, preview, sent } = await ask(connectionId)
    expect(preview).toContain("Nothing has been sent yet")
    const shown = unescaped(/srcdoc="([^"]*)"/.exec(preview)?.[1] ?? "")
    expect(shown).toBe(mail?.emailMessage.html)
    expect(preview).toContain("sandbox srcdoc=")
    expect((await mails()).map(({ to }) => to.email).toSorted()).toEqual(["mia@example.com", "olive@nordwind.example"])
    const detail = await world.html(location(sent).split("?")[0] ?? "", { as: "mia" })
    for (const words of ["How it stands", "Send again", "Withdraw request", "Mailed", "1 time", "Olive Owner"])
      expect(detail).toContain(words)
    expect(await world.html("/requests", { as: "vic" })).toContain("Nordwind US")
    expect(await world.html(location(sent), { as: "vic" })).not.toContain("Send again")
  })

  it("sends nothing when the mail would read differently from what was shown, and says so", async () => {
    const { connectionId } = await made()
    const preview = await world.html(`/connections/${connectionId}/request/preview`, {
      as: "mia",
      form: { ...typed, marketplace: World.market("US") }
    })
    const response = await world.ask(`/connections/${connectionId}/request`, {
      as: "mia",
      form: { ...hidden(preview), message: "Changed" }
    })
    expect([response.status, await response.text()]).toEqual([409, expect.stringContaining("read differently")])
    expect(await mails()).toHaveLength(0)
  })

  it("says field by field what is wrong with hostile input; a form of 2 MB is refused whole", async () => {
    const { connectionId } = await made()
    const path = `/connections/${connectionId}/request/preview`
    const wrong = await world.ask(path, {
      as: "mia",
      form: { name: "Dana\r\nBcc: x@example.com", email: "nobody", message: "y".repeat(1001) }
    })
    const text = await wrong.text()
    expect(wrong.status).toBe(422)
    for (const field of ["name", "email", "message"]) expect(text).toContain(`field-${field}-error`)
    expect((await world.ask(path, { as: "mia", form: { ...typed, name: "x".repeat(2_000_000) } })).status).toBe(413)
    const safe = await world.html(path, {
      as: "mia",
      form: { ...typed, name: "</title><script>alert(1)</script>", marketplace: World.market("US") }
    })
    expect(safe).not.toContain("<script>alert")
    expect((await world.ask(`/connections/${connectionId}/request`, { as: "vic" })).status).toBe(403)
    expect((await world.ask(`/connections/${connectionId}/request`, { as: "rex" })).status).toBe(404)
  })

  it("mails again until the limit, withdraws, and keeps the list's states apart", async () => {
    const { connectionId } = await made()
    const { sent } = await ask(connectionId)
    const path = location(sent).split("?")[0] ?? ""
    for (let mail = 2; mail <= 5; mail++) {
      expect((await world.ask(`${path}/mail-again`, { as: "mia", form: {} })).status).toBe(303)
      // The same in the same millisecond counts as a repeat.
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    const fifth = await world.ask(`${path}/mail-again`, { as: "mia", form: {} })
    expect([fifth.status, await fifth.text()]).toEqual([409, expect.stringContaining("mailed 5 times")])
    expect(location(await world.ask(`${path}/revoke`, { as: "mia", form: {} }))).toContain("done=withdrawn")
    expect(await world.html("/requests?state=withdrawn")).toContain("Nordwind US")
    expect(await world.html("/requests?state=open")).toContain("No request like this")
    expect((await world.ask(path, { as: "rex" })).status).toBe(404)
  })
})

describe("the owner's page", () => {
  it("says who asks for what; scanners change nothing; one consent finishes it, and both get a confirmation", async () => {
    const { connectionId } = await made()
    const { path } = await ask(connectionId)
    for (let scan = 0; scan < 5; scan++) {
      for (const method of ["GET", "HEAD"]) expect((await world.ask(path, { method })).status).toBe(200)
      expect((await world.ask(`${path}/not-the-owner`)).status).toBe(200)
    }
    const page = await world.html(path, {})
    for (const words of [
      "Mia Lund",
      "Blue Harbor Commerce",
      "Nordwind Outdoor GmbH",
      "United States",
      "For the books.",
      "Are you the owner",
      "log out of any other one first",
      "I am not the owner",
      "Yes, continue to Amazon"
    ])
      expect(page).toContain(words)
    const authorizationRedirect = await world.ask(path, { form: {} })
    const state = new URL(location(authorizationRedirect)).searchParams.get("state") ?? ""
    const cookie = authorizationRedirect.headers.getSetCookie()[0]?.split(";")[0] ?? ""
    const code = await world.code("amazon-ads", "NA", [profile])
    const back = await world.ask(`/callback/amazon-ads?${new URLSearchParams({ state, code })}`, { cookie })
    expect(location(back)).toBe("/arrived/amazon-ads/finished-request")
    expect(await world.html(location(back), {})).toContain("both get a confirmation by mail")
    await world.work()
    // The member's news waits a little, for what else happens.
    world.move("3 minutes")
    await world.work()
    expect(
      (await mails())
        .filter(({ emailMessage }) => emailMessage.subject === "Nordwind US is connected")
        .map(({ to }) => to.email)
        .toSorted()
    ).toEqual(["mia@example.com", "olive@nordwind.example"])
    const used = await world.ask(path)
    expect([used.status, await used.text()]).toEqual([410, expect.stringContaining("This link has been used")])
    expect((await world.ask(path, { form: {} })).status).toBe(410)
  })

  it("explains who can consent to somebody who is not the owner, and tells the requester only after a click", async () => {
    const { connectionId } = await made()
    const { path, sent } = await ask(connectionId)
    expect(await world.html(`${path}/not-the-owner`, {})).toContain("Only the owner can connect this account")
    await world.work()
    expect((await mails()).some(({ emailMessage }) => emailMessage.subject.includes("not the owner"))).toBe(false)
    expect((await world.ask(`${path}/objection`, { form: { because: "nonsense" } })).status).toBe(400)
    const said = await world.ask(`${path}/objection`, { form: { because: "not-the-owner" } })
    expect(await world.html(location(said), {})).toContain("has been told")
    await world.work()
    expect((await mails()).find(({ emailMessage }) => emailMessage.subject.includes("not the owner"))?.to.email).toBe(
      "mia@example.com"
    )
    expect(await world.html(location(sent), { as: "mia" })).toContain("somebody else owns the account")
    expect((await world.ask(`/link/${"x".repeat(43)}/objection`, { form: { because: "not-the-owner" } })).status).toBe(
      404
    )
  })

  it("lets somebody whose login the owner gave the right continue for the owner, and the history says so (P-R11)", async () => {
    const { connectionId } = await made()
    const { path } = await ask(connectionId)
    expect(await world.html(`${path}/not-the-owner`, {})).toContain("for the owner</button>")
    const authorizationRedirect = await world.ask(path, { form: { as: "delegate" } })
    const state = new URL(location(authorizationRedirect)).searchParams.get("state") ?? ""
    const code = await world.code("amazon-ads", "NA", [profile])
    await world.ask(`/callback/amazon-ads?${new URLSearchParams({ state, code })}`, {
      cookie: authorizationRedirect.headers.getSetCookie()[0]?.split(";")[0] ?? ""
    })
    expect(await world.html("/audit")).toContain("given by somebody whose login the owner gave the right")
  })

  it("tells of a request that was withdrawn, expired or never was", async () => {
    const { connectionId } = await made()
    const { path, sent } = await ask(connectionId)
    await world.ask(`${location(sent).split("?")[0]}/revoke`, { as: "mia", form: {} })
    for (const way of [path, `${path}/not-the-owner`]) {
      const response = await world.ask(way)
      expect([response.status, await response.text()]).toEqual([410, expect.stringContaining("withdrawn")])
    }
    const second = await ask(connectionId)
    world.move("8 days")
    expect(await world.html(second.path, {})).toContain("This link has expired")
  })
})

describe("a renewal campaign", () => {
  it("goes from the list of what ends soon to one mail an owner", async () => {
    const { account, company } = await made()
    const other = await world.account(company, "Nordwind CA", "CA")
    const { connectionId: one } = await world.connect(account, "amazon-ads", profile, "ada", 20)
    const { connectionId: two } = await world.connect(
      other,
      "amazon-ads",
      World.profile("amazon-ads", "CA", "1000000000000000002", { name: "Nordwind CA" }),
      "ada",
      25
    )
    expect(await world.html("/campaigns/new?days=7", { as: "mia" })).toContain("Nothing to renew")
    const list = await world.html("/campaigns/new?days=30", { as: "mia" })
    expect(list).toContain("Nordwind CA")
    expect(await world.html(`/campaigns/new?connection=${two}`, { as: "mia" })).not.toContain(`name="name-${one}"`)
    const form = {
      connection: [one, two],
      shown: [one, two],
      message: "It is time.",
      [`name-${one}`]: "Olive",
      [`email-${one}`]: "olive@nordwind.example",
      [`name-${two}`]: "Olive",
      [`email-${two}`]: "nobody"
    }
    const wrong = await world.ask("/campaigns/preview", { as: "mia", form })
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining(`field-email-${two}-error`)])
    const good = { ...form, [`email-${two}`]: "olive@nordwind.example" }
    const preview = await world.html("/campaigns/preview", { as: "mia", form: good })
    expect(preview).toContain("Send 1 mail")
    const reference = hidden(preview)["reference"] ?? ""
    expect(location(await world.ask("/campaigns", { as: "mia", form: { ...good, reference } }))).toBe(
      "/requests?state=open"
    )
    await world.work()
    const [mail, ...more] = (await mails()).filter(({ to }) => to.email === "olive@nordwind.example")
    expect(more).toHaveLength(0)
    expect(mail?.emailMessage.subject).toBe("Please renew the access to 2 accounts")
    expect(unescaped(/srcdoc="([^"]*)"/.exec(preview)?.[1] ?? "")).toBe(mail?.emailMessage.html)
    expect((await world.ask("/campaigns/new", { as: "vic" })).status).toBe(403)
    expect((await world.ask("/campaigns/preview", { as: "mia", form: { shown: [one] } })).status).toBe(422)
  })
})

describe("the mailbox", () => {
  const keep = (organizationId: Id.OrganizationId, subject: string) =>
    world.run(
      Effect.flatMap(Mailer.Mailer, (mailer) =>
        mailer.send({
          id: subject,
          organizationId,
          to: { name: "Somebody", email: "s@example.com" as Text.Email },
          emailMessage: EmailMessage.notice({ subject, text: subject })
        })
      )
    )

  it("is for admins of the organization, and the installation's for operators", async () => {
    await made()
    await keep(World.home, "Ours alone")
    await keep(World.away, "Of the others")
    await keep(Id.installation, "A sign-up")
    const own = await world.html("/mailbox", { as: "ada" })
    expect(own).toContain("Ours alone")
    expect(own).toContain("These mails were not sent")
    for (const foreign of ["Of the others", "A sign-up"]) expect(own).not.toContain(foreign)
    expect(await world.html("/mailbox?box=installation", { as: "opal" })).toContain("A sign-up")
    expect(await world.html("/mailbox", { as: "opal" })).not.toContain("Ours alone")
    expect(await world.html("/mailbox", { as: "rex" })).not.toContain("Ours alone")
    for (const as of ["mia", "vic"] as const) expect((await world.ask("/mailbox", { as })).status).toBe(403)
    expect((await world.ask("/mailbox?box=installation", { as: "rex" })).status).toBe(403)
    expect(location(await world.ask("/mailbox"))).toContain("/sign-in")
  })

  it("is open for sign-ups alone where things are tried out", async () => {
    await made({ openMailbox: true })
    await keep(World.home, "Ours alone")
    await keep(Id.installation, "A sign-up")
    const shown = await world.html("/mailbox", {})
    expect(shown).toContain("A sign-up")
    expect(shown).not.toContain("Ours alone")
  })
})
