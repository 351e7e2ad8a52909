import { Id, type Text } from "@portolan/domain"
import { Callers, Mailer, Members } from "@portolan/ports"
import { Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { fresh, location } from "./support/asking.ts"
import * as World from "./support/World.ts"

let world: World.World
beforeAll(async () => {
  world = await World.make()
})
afterAll(() => world.close())

const password = "a long enough password"
const session = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ")

/** The path that the youngest mail to an address leads to. */
const mailed = async (to: string, path: string, organizationId: Id.OrganizationId = Id.installation) => {
  const { items } = await world.run(
    Effect.flatMap(Mailer.Mailer, (mailer) => mailer.kept(organizationId, { limit: 100 }))
  )
  const mail = items.find((one) => one.to.email === to && one.emailMessage.text.includes(path))
  return new RegExp(`${path.replaceAll("?", "\\?")}[A-Za-z0-9_?=%-]+`).exec(mail?.emailMessage.text ?? "")?.[0] ?? ""
}

const signUp = (name: string, back = "") =>
  world.ask("/sign-up", { form: { name, email: `${name.toLowerCase()}@example.org`, password, return: back } })

/** Signs somebody up, opens the mail and clicks; gives the cookie and where the click leads. */
const signedUp = async (name: string, back = "") => {
  await signUp(name, back)
  const path = await mailed(`${name.toLowerCase()}@example.org`, "/verify/")
  const page = await (await world.ask(path)).text()
  expect(page).toContain("Confirm this address")
  const [action = "", query = ""] = path.split("?")
  const verified = await world.ask(action, { form: { return: new URLSearchParams(query).get("return") ?? "" } })
  return { cookie: session(verified), leads: location(verified) }
}

const invite = async (email: string, more: { readonly [field: string]: string } = {}, as: World.Who = "ada") => {
  const sent = await world.ask("/members", { as, form: { email, role: "viewer", to: "everything", ...more } })
  expect([sent.status, location(sent)]).toEqual([303, "/members?done=invited"])
  await world.work()
  return mailed(email, "/join/", World.home)
}

describe("the owner of an account who connects it themselves (rule X-R6)", () => {
  it("is invited from the account's page, with a role that can and this account alone", () =>
    fresh(async (own) => {
      const account = await own.account(await own.company("Nordwind"), "Nordwind US")
      const link = `/members/invite?connect=${account.id}`
      expect(await own.html(`/accounts/${account.id}`)).toContain(`href="${link}"`)
      expect(await own.html(`/accounts/${account.id}`, { as: "mia" })).not.toContain("/members/invite")
      const form = await own.html(link)
      expect(form).toMatch(/value="member"[^>]* (checked|selected)/)
      expect(form).toMatch(/value="limited"[^>]* checked/)
      expect(form).toContain(`name="${account.id}"`)
    }))
})

describe("an invitation to join", () => {
  const joined = /^\/join\/[A-Za-z0-9_-]+$/

  it("is where a person ends who signs up from it, whichever way they take (rule P-R15)", async () => {
    const join = await invite("tilda@example.org")
    expect(join).toMatch(joined)
    const page = await (await world.ask(join)).text()
    expect(page).toContain(`/sign-up?email=tilda%40example.org&amp;return=${encodeURIComponent(join)}`)
    // The form, and each page and mail after it, keep the way back.
    const form = { name: "Tilda", email: "tilda@example.org", password, return: join }
    const sent = await (await world.ask("/sign-up", { form })).text()
    expect(sent).toContain(`href="/sign-in?return=${encodeURIComponent(join)}"`)
    await world.ask("/verify-again", { form: { email: form.email, return: join } })
    const path = await mailed(form.email, "/verify/")
    const [action = "", query = ""] = path.split("?")
    expect(new URLSearchParams(query).get("return")).toBe(join)
    expect(await (await world.ask(path)).text()).toContain(`name="return" value="${join}"`)
    expect(location(await world.ask(action, { form: { return: join } }))).toBe(join)
  })

  it("is where a person ends who has a sign-in already, or has forgotten the password", async () => {
    await signedUp("Ulla")
    const join = await invite("ulla@example.org")
    const kept = `return=${encodeURIComponent(join)}`
    await world.ask("/sign-up", { form: { name: "Ulla", email: "ulla@example.org", password, return: join } })
    const known = await mailed("ulla@example.org", "/sign-in?")
    expect(known).toBe(`/sign-in?${kept}`)
    expect(await (await world.ask(known)).text()).toContain(`href="/forgot?${kept}"`)
    await world.ask("/forgot", { form: { email: "ulla@example.org", return: join } })
    const reset = await mailed("ulla@example.org", "/reset/")
    expect(reset.split("?")[1]).toBe(kept)
    const [action = ""] = reset.split("?")
    const changed = location(await world.ask(action, { form: { password: "another long one", return: join } }))
    expect(new URLSearchParams(changed.split("?")[1]).get("return")).toBe(join)
    for (const back of ["//evil.example", "/\\evil.example", "https://evil.example/"]) {
      const forged = await world.ask("/forgot", { form: { email: "ulla@example.org", return: back } })
      expect(await forged.text()).not.toContain("evil.example")
    }
  })
})

describe("signing up (flow P4)", () => {
  it("leads from the form to the mail, to an organization of one's own, to the product", async () => {
    const page = await (await signUp("Nora")).text()
    expect(page).toContain("Check your mail")
    expect(page).toContain("/mailbox")
    const { cookie, leads } = await signedUp("Nora")
    expect(leads).toBe("/companies")
    expect(location(await world.ask("/companies", { cookie }))).toBe("/organizations/new")
    expect(await world.html("/organizations/new", { cookie })).toContain("Create an organization")
    const key = /name="key" value="([^"]+)"/.exec(await world.html("/organizations/new", { cookie }))?.[1] ?? ""
    for (const _ of [1, 2]) {
      const made = await world.ask("/organizations", { cookie, form: { name: "Nora Trading", key } })
      expect([made.status, location(made)]).toEqual([303, "/companies"])
    }
    expect(await world.html("/companies", { cookie })).toContain("Nora Trading")
    expect((await world.html("/organizations", { cookie })).match(/\/choose"/g)).toHaveLength(1)
  })

  it("says the same for an address that is known, and shows what is wrong beside its field", async () => {
    await signUp("Otto")
    const known = await (
      await world.ask("/sign-up", { form: { name: "Eve", email: "otto@example.org", password } })
    ).text()
    const unknown = await (
      await world.ask("/sign-up", { form: { name: "Eve", email: "eve@example.org", password } })
    ).text()
    expect(known.replaceAll("otto@", "eve@")).toBe(unknown)
    const wrong = await world.ask("/sign-up", { form: { name: " ", email: "no address", password } })
    const text = await wrong.text()
    expect([wrong.status, text.includes("Enter a name for yourself"), text.includes("not an e-mail address")]).toEqual([
      422,
      true,
      true
    ])
    const short = await (
      await world.ask("/sign-up", { form: { name: "Pia", email: "pia@example.org", password: "short" } })
    ).text()
    expect([short.includes("10 to 128 characters"), short.includes('value="short"')]).toEqual([true, false])
  })

  it("tells a link that is used, old or cut off in the same words, with a way on", async () => {
    await signedUp("Quin")
    const path = (await mailed("quin@example.org", "/verify/")).split("?")[0] ?? ""
    const used = await world.ask(path, { form: {} })
    const made = await world.ask("/verify/made-up-made-up", { form: {} })
    expect([used.status, made.status]).toEqual([410, 410])
    expect(await used.text()).toContain("This link is not valid any more")
    // Scanners open what they find: looking uses nothing up.
    expect((await world.ask("/verify/made-up-made-up")).status).toBe(200)
  })

  it("a forgotten password is chosen anew by mail; nobody learns who is registered", async () => {
    await signedUp("Rita")
    const ask = (email: string) => world.ask("/forgot", { form: { email } }).then((response) => response.text())
    expect((await ask("rita@example.org")).replaceAll("rita@", "x@")).toBe(
      (await ask("nobody@example.org")).replaceAll("nobody@", "x@")
    )
    const path = await mailed("rita@example.org", "/reset/")
    expect(await (await world.ask(path, { form: { password: "short" } })).text()).toContain("10 to 128 characters")
    expect(location(await world.ask(path, { form: { password: "another long password" } }))).toBe(
      "/sign-in?done=password"
    )
    expect((await world.ask(path, { form: { password: "another long password" } })).status).toBe(410)
    const signedIn = await world.ask("/sign-in", {
      form: { email: "rita@example.org", password: "another long password" }
    })
    expect(signedIn.status).toBe(303)
  })

  it("somebody who did not confirm is told so at sign-in, with a button to have the mail again", async () => {
    await signUp("Sven")
    const page = await (await world.ask("/sign-in", { form: { email: "sven@example.org", password } })).text()
    expect(page).toContain("Send the link again")
    expect(await (await world.ask("/verify-again", { form: { email: "sven@example.org" } })).text()).toContain(
      "Check your mail"
    )
  })
})

describe("joining (flows P13, P14)", () => {
  it("somebody new signs up with the address that is filled in, comes back and joins", async () => {
    const path = await invite("tara@example.org", { role: "member" })
    const guest = await world.html(path, {})
    expect(guest).toContain("invites you to")
    expect(guest).toContain(`/sign-up?email=tara%40example.org&amp;return=${encodeURIComponent(path)}`)
    expect(await world.html("/sign-up?email=tara%40example.org", {})).toContain('value="tara@example.org"')
    const { cookie, leads } = await signedUp("Tara", path)
    expect(leads).toBe(path)
    expect(await world.html(path, { cookie })).toContain("Join <bdi>Blue Harbor Commerce</bdi>")
    const joined = await world.ask(`${path}/accept`, { cookie, form: {} })
    expect(location(joined)).toBe("/companies")
    expect(await world.html("/companies", { cookie })).toContain("member of <bdi>Blue Harbor Commerce</bdi>")
    expect((await world.ask(path, { cookie })).status).toBe(410)
  })

  it("signed in with another address, nothing is joined, and the page says what to do", async () => {
    const path = await invite("ursula@example.org")
    const page = await world.html(path, { as: "rex" })
    expect(page).toContain("This invitation is for another address")
    expect(page).not.toContain(`${path}/accept`)
    expect((await world.ask(`${path}/accept`, { as: "rex", form: {} })).status).toBe(409)
  })

  it("an address is invited once; the refusal stands beside it and leads to the list", async () => {
    await invite("vera@example.org")
    const again = await world.ask("/members", {
      as: "ada",
      form: { email: "VERA@example.org", role: "viewer", to: "everything" }
    })
    expect(again.status).toBe(422)
    expect(await again.text()).toContain("vera@example.org is invited already")
  })

  it("an invitation is sent again, withdrawn, and then its link is dead", async () => {
    const path = await invite("wim@example.org")
    const list = await world.html("/members")
    const id =
      new RegExp(`/members/(mem_[a-z0-9]+)/withdraw"[^]*?`).exec(list.slice(list.indexOf("wim@example.org")))?.[1] ?? ""
    expect(location(await world.ask(`/members/${id}/mail-again`, { as: "ada", form: {} }))).toBe("/members?done=again")
    expect(location(await world.ask(`/members/${id}/withdraw`, { as: "ada", form: {} }))).toBe(
      "/members?done=withdrawn"
    )
    expect((await world.ask(path)).status).toBe(410)
    expect(await world.html("/members")).not.toContain("wim@example.org")
  })
})

describe("what a person does not have is hidden, not greyed out (rules K-R17, S-R9)", () => {
  it("a viewer sees who is there and no way to change it", async () => {
    const page = await world.html("/members", { as: "vic" })
    expect(page).toContain("ada@example.com")
    for (const hidden of ["/members/invite", "/withdraw", "/remove", "disabled"]) expect(page).not.toContain(hidden)
    expect(page).not.toContain('href="/api-keys"')
    for (const path of ["/members/invite", "/api-keys", "/api-keys/new"])
      expect((await world.ask(path, { as: "vic" })).status).toBe(403)
    for (const path of ["/members", "/api-keys", "/settings/name", "/settings/owner"]) {
      const sent = await world.ask(path, {
        as: "vic",
        form: { email: "x@example.org", role: "admin", name: "X", scope: "read", member: `mem_${"0".repeat(26)}` }
      })
      expect([path, sent.status]).toEqual([path, 403])
    }
  })

  it("somebody limited to one account finds that account and nothing else, on every page and behind every link", async () => {
    const shown = await world.company("Shown Goods")
    const hidden = await world.company("Hidden Goods")
    const own = await world.account(shown, "Shown US")
    const other = await world.account(hidden, "Hidden US")
    const connection = await world.connectionOf(other, "amazon-ads")
    const { path: link } = await world.link(await world.connectionOf(own, "amazon-ads"))
    const { authorizationId } = await world.consent(own, "amazon-sp", [])
    const path = await invite("xena@example.org", { role: "member", to: "limited", [own.id]: "read" })
    const { cookie } = await signedUp("Xena", path)
    await world.ask(`${path}/accept`, { cookie, form: {} })
    const readable = [
      "/companies",
      "/pending",
      "/connections",
      "/requests",
      `/companies/${shown.id}`,
      `/accounts/${own.id}`,
      "/settings"
    ]
    for (const page of readable) {
      const response = await world.ask(page, { cookie })
      const text = await response.text()
      expect([page, response.status]).toEqual([page, 200])
      for (const secret of ["Hidden", hidden.id, other.id, "vic@example.com"])
        expect([page, text.includes(secret)]).toEqual([page, false])
      for (const link of ['href="/members"', 'href="/api-keys"', 'href="/audit"', 'href="/consents"'])
        expect(text).not.toContain(link)
    }
    expect(await world.html("/companies", { cookie })).toContain("Shown Goods")
    for (const page of [`/companies/${hidden.id}`, `/accounts/${other.id}`, `/connections/${connection}`]) {
      expect([page, (await world.ask(page, { cookie })).status]).toEqual([page, 404])
    }
    for (const page of ["/members", "/members/invite", "/api-keys", "/audit", "/consents", "/companies/new"]) {
      expect([page, (await world.ask(page, { cookie })).status]).toEqual([page, 403])
    }
    const account = await world.html(`/accounts/${own.id}`, { cookie })
    expect(account).not.toContain(link)
    const pending = await world.html(`/pending/${authorizationId}`, { cookie })
    for (const action of ['/select"', "/look-again", "/dismiss"]) expect(pending).not.toContain(action)
    for (const action of ['/authenticate"', '/links"', "disabled"]) expect(account).not.toContain(action)
    expect(await world.html("/settings", { cookie })).toContain("ada@example.com")
  })
})

describe("keys, removal and ownership", () => {
  it("a key is shown once: not in the list, and not when the form is sent again", async () => {
    expect(await world.html("/api-keys")).toContain("No keys yet")
    const form = { name: "Export", scope: ["read", "connect"], to: "everything", days: "90", key: "one-key" }
    const made = await (await world.ask("/api-keys", { as: "ada", form })).text()
    const secret = /ptl_[A-Za-z0-9_-]{43}/.exec(made)?.[0] ?? ""
    expect(secret).not.toBe("")
    const again = await (await world.ask("/api-keys", { as: "ada", form })).text()
    expect([again.includes(secret), again.includes("made before")]).toEqual([false, true])
    const list = await world.html("/api-keys")
    expect([list.includes(secret), list.includes(secret.slice(0, 8)), list.includes("read, connect")]).toEqual([
      false,
      true,
      true
    ])
    const whoIs = Effect.flatMap(Callers.Callers, (callers) =>
      callers.whoIs(new Headers({ authorization: `Bearer ${secret}` }))
    )
    expect((await world.run(whoIs)).scopes).toEqual(["read", "connect"])
    const id = /\/api-keys\/(key_[a-z0-9]+)\/revoke/.exec(list)?.[1] ?? ""
    await world.ask(`/api-keys/${id}/revoke`, { as: "ada", form: {} })
    await expect(world.run(whoIs)).rejects.toThrow()
    const wrong = await world.ask("/api-keys", { as: "ada", form: { ...form, key: "", to: "limited" } })
    expect([wrong.status, (await wrong.text()).includes("Choose at least one")]).toEqual([422, true])
    const owning = await world.ask("/api-keys", { as: "ada", form: { ...form, key: "", scope: ["own"] } })
    expect([owning.status, (await owning.text()).includes("cannot have the scope")]).toEqual([422, true])
  })

  it("a removed member is out at the next click", async () => {
    const path = await invite("yara@example.org", { role: "admin" })
    const { cookie } = await signedUp("Yara", path)
    await world.ask(`${path}/accept`, { cookie, form: {} })
    expect((await world.ask("/companies", { cookie })).status).toBe(200)
    const page = await world.run(
      Effect.flatMap(Members.Members, (members) =>
        members.list(World.caller("ada"), { states: ["Active"] }, { limit: 100 })
      )
    )
    const id = page.items.find(({ member }) => member.email === ("yara@example.org" as Text.Email))?.member.id ?? ""
    expect(await world.html(`/members/${id}`)).toContain("is out at once")
    expect(location(await world.ask(`/members/${id}/remove`, { as: "ada", form: { heir: "" } }))).toBe(
      "/members?done=removed"
    )
    expect(location(await world.ask("/companies", { cookie }))).toBe("/organizations/new")
  })

  it("limits are changed in a form that shows what was chosen", async () => {
    const company = await world.company("Limit Goods")
    const list = await world.run(
      Effect.flatMap(Members.Members, (members) =>
        members.list(World.caller("ada"), { states: ["Active"] }, { limit: 100 })
      )
    )
    const id = list.items.find(({ member }) => member.email === ("mia@example.com" as Text.Email))?.member.id ?? ""
    const nothing = await world.ask(`/members/${id}/access`, { as: "ada", form: { role: "member", to: "limited" } })
    expect([nothing.status, (await nothing.text()).includes("Choose at least one")]).toEqual([422, true])
    await world.ask(`/members/${id}/access`, {
      as: "ada",
      form: { role: "member", to: "limited", [company.id]: "write" }
    })
    const page = await world.html(`/members/${id}`)
    expect(page).toMatch(new RegExp(`name="${company.id}"[^]*?value="write" selected`))
    await world.ask(`/members/${id}/access`, { as: "ada", form: { role: "member", to: "everything" } })
  })

  it("the owner cannot leave, hands over, and then can; settings tell each what is possible", async () => {
    const own = await World.make()
    try {
      expect((await own.ask("/settings/leave", { as: "ada", form: {} })).status).toBe(409)
      expect(await own.html("/settings")).toContain("Hand the ownership over")
      const list = await own.run(
        Effect.flatMap(Members.Members, (members) =>
          members.list(World.caller("ada"), { states: ["Active"] }, { limit: 100 })
        )
      )
      const mia = list.items.find(({ member }) => member.email === ("mia@example.com" as Text.Email))?.member.id ?? ""
      expect((await own.ask("/settings/owner", { as: "mia", form: { member: mia } })).status).toBe(403)
      expect(location(await own.ask("/settings/owner", { as: "ada", form: { member: mia } }))).toBe(
        "/settings?done=offered"
      )
      // Nothing changes until Mia accepts; Ada can call it off until then, and nobody else can accept.
      expect((await own.ask("/settings/leave", { as: "ada", form: {} })).status).toBe(409)
      expect(await own.html("/settings")).toContain("Call it off")
      expect((await own.ask("/settings/owner/accept", { as: "ada", form: {} })).status).toBe(303)
      expect(await own.html("/settings")).toContain("Call it off")
      await own.ask("/settings/owner/call-off", { as: "ada", form: {} })
      expect((await own.ask("/settings/owner/accept", { as: "mia", form: {} })).status).toBe(409)
      await own.ask("/settings/owner", { as: "ada", form: { member: mia } })
      expect(await own.html("/settings", { as: "mia" })).toContain("offers you the ownership")
      expect(location(await own.ask("/settings/owner/accept", { as: "mia", form: {} }))).toBe("/settings?done=owner")
      expect(await own.html("/settings", { as: "mia" })).toContain("An organization always has an owner")
      expect(location(await own.ask("/settings/leave", { as: "ada", form: {} }))).toBe("/organizations")
      expect(location(await own.ask("/organizations", { as: "ada" }))).toBe("/organizations/new")
    } finally {
      await own.close()
    }
  })

  it("somebody of several organizations switches between them", async () => {
    const path = await invite("rex@example.com", { role: "viewer" })
    await world.ask(`${path}/accept`, { as: "rex", form: {} })
    expect(await world.html("/companies", { as: "rex" })).toContain("viewer of <bdi>Blue Harbor Commerce</bdi>")
    expect(await world.html("/organizations", { as: "rex" })).toContain("Rival Traders")
    await world.ask(`/organizations/${World.away}/choose`, { as: "rex", form: {} })
    expect(await world.html("/companies", { as: "rex" })).toContain("owner of <bdi>Rival Traders</bdi>")
    const foreign = `org_${"0".repeat(24)}99`
    expect((await world.ask(`/organizations/${foreign}/choose`, { as: "rex", form: {} })).status).toBe(404)
  })
})

describe("mails to a person", () => {
  it("come when they choose; a choice that is none is said beside its field, and changes nothing", async () => {
    const page = await world.html("/mail-preferences", { as: "mia" })
    expect(page).toContain("Once a day")
    expect(page.match(/>Never</g)).toHaveLength(1)
    const form = { problems: "daily", requests: "at-once", progress: "never" }
    const saved = await world.ask("/mail-preferences", { as: "mia", form })
    expect([saved.status, location(saved)]).toEqual([303, "/mail-preferences?done=saved"])
    const forged = await world.ask("/mail-preferences", { as: "mia", form: { ...form, problems: "never" } })
    expect([forged.status, await forged.text()]).toEqual([422, expect.stringContaining("Choose when you get mails")])
    const zoned = await world.ask("/mail-preferences", { as: "mia", form: { ...form, timeZone: "America/Sao_Paulo" } })
    expect(zoned.status).toBe(303)
    const nowhere = await world.ask("/mail-preferences", {
      as: "mia",
      form: { ...form, timeZone: "Atlantis/Poseidonis" }
    })
    expect([nowhere.status, await nowhere.text()]).toEqual([422, expect.stringContaining("Choose your time zone")])
    const after = await world.html("/mail-preferences", { as: "mia" })
    expect(after).toContain('<option value="America/Sao_Paulo" selected>America/Sao Paulo</option>')
    expect(after).toMatch(/name="problems"[^]*?value="daily" selected[^]*?name="requests"/)
    expect(await world.html("/mail-preferences", { as: "ada" })).not.toContain('value="daily" selected')
    expect(await world.html("/audit", { as: "ada" })).toContain("Chose when mails come")
  })
})
