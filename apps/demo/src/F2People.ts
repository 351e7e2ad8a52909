/**
 * The people of flow F2: signing up, proving an address, founding an organization, and a colleague whose access is
 * limited.
 */
import type { Do, SignIn } from "./Flow.ts"
import { Browser, find, list, text } from "./Http.ts"
import { linkIn, mails, mailTo } from "./Mailbox.ts"
import { addCompany, atBrowser, enter, type Member, openAccount, type Opened } from "./Member.ts"
import { foundOrganization, newcomer, signUp, verify } from "./Newcomer.ts"
import { must, type Place, seen, until } from "./Place.ts"

const germany = "A1PA6795UKMFR9"

/** Who and what the rest of the flow needs. */
export interface Settled {
  readonly owner: Member
  readonly companyId: string
  readonly hidden: Opened
}

/** Checks that somebody reaches one company and not the other, in lists and by deep links, in pages and in JSON. */
const mustNotSee = async (member: Member, hidden: Opened): Promise<void> => {
  const companies = list((await member.api("GET", "/v1/companies", 200)).json, "items")
  must(companies.map((one) => text(one, "name")).join() === "Laternen", "Otto sees another company")
  must(
    list((await member.api("GET", "/v1/accounts", 200)).json, "items").length === 0,
    "Otto sees an account outside the access scope"
  )
  const tile = hidden.tile("amazon-ads")
  for (const path of [
    `/v1/accounts/${hidden.accountId}`,
    `/v1/connections/${tile}`,
    `/v1/companies/${hidden.companyId}`
  ]) {
    await member.api("GET", path, 404)
  }
  for (const path of [`/accounts/${hidden.accountId}`, `/connections/${tile}`]) {
    const { page, status } = await member.browser.go(path)
    must(status === 404 && !page.includes("Hidden"), `the deep link ${path} answered ${status}`)
  }
  await member.session("GET", "/v1/members", 403)
}

/** Signs the owner up, founds the organization, and lets a colleague in. */
export const people = async (place: Place, signIn: SignIn, step: Do): Promise<Settled> => {
  const nadia = newcomer("Nadia Brandt")
  const browser = new Browser(place.origin)
  await step(
    "Nadia signs up; until the mail proves the address there is no sign-in, and the mail can be sent again",
    ["P-R4"],
    async () => {
      const weak = await browser.go("/sign-up", { ...nadia, password: "short" })
      must(weak.status === 422, `a short password answered ${weak.status}`)
      const mail = await signUp(place, browser, nadia)
      const early = await browser.go("/sign-in", { email: nadia.email, password: nadia.password })
      must(early.status !== 303, "Nadia was signed in before the address was proven")
      await browser.go("/verify-again", { email: nadia.email })
      const guest = new Browser(place.origin)
      const second = await until("the second mail", 20, async () => {
        const all = (await mails(guest, "installation")).filter(({ to }) => to === nadia.email)
        return all.length > 1 ? all[0] : undefined
      })
      await verify(browser, second)
      const again = await new Browser(place.origin).go(linkIn(second, "/verify/"), {})
      must(again.status !== 303, "the link worked twice")
      return seen(undefined, `“${mail.subject}” to ${nadia.email}; the link worked once`)
    }
  )

  await step("Signing up with a known address reveals nothing; its owner gets a mail", ["P-R4"], async () => {
    const stranger = new Browser(place.origin)
    const { status } = await stranger.go("/sign-up", {
      name: "Somebody",
      email: nadia.email,
      password: "another password entirely"
    })
    must(status < 400, `signing up with a known address answered ${status}`)
    const notice = await until("the mail about it", 20, async () =>
      (await mails(stranger, "installation")).find((mail) => mail.to === nadia.email && mail.text.includes("/reset/"))
    )
    return seen(undefined, `“${notice.subject}”`)
  })

  const owner = await step(
    "She founds the organization, which comes before any account, and owns it",
    ["P-R5", "C13", "X-R7"],
    async () => {
      const landing = await browser.go("/companies")
      must(
        landing.location.startsWith("/organizations/new") || landing.page.includes("organization"),
        "Nadia was not led to found one"
      )
      const owner = await foundOrganization(place, browser, "Brandt Laternen")
      const { json } = await owner.session("GET", "/v1/me", 200)
      must(json.role === "owner", `Nadia is ${String(json.role)}`)
      return seen(owner, "Brandt Laternen, owner Nadia Brandt")
    }
  )

  const { companyId, hidden } = await step("It has two companies", ["P-R7", "K-R3"], async () => {
    const companyId = await addCompany(owner, "Laternen", "Laternen")
    const other = await addCompany(owner, "Not for Otto", "Secret")
    return seen(
      { companyId, hidden: await openAccount(owner, other, "Hidden", germany) },
      "Laternen, and one that not everybody shall see"
    )
  })

  const { otto, person } = await step(
    "Otto is invited for one company only; nobody else can use the invitation",
    ["K-R17", "P-R14", "X-R6", "S-R8"],
    async () => {
      const person = newcomer("Otto Falk")
      const sent = await browser.go("/members", {
        email: person.email,
        role: "member",
        to: "limited",
        [companyId]: "write"
      })
      must(sent.status === 303, `inviting answered ${sent.status}`)
      const twice = await browser.go("/members", {
        email: person.email,
        role: "member",
        to: "limited",
        [companyId]: "write"
      })
      must(twice.status === 422, `inviting twice answered ${twice.status}`)
      const path = linkIn(await mailTo(browser, person.email, ""), "/join/")
      const vera = (await enter(place, signIn, "F2")).browser
      const wrong = await vera.go(`${path}/accept`, {})
      must(wrong.status >= 400, `somebody else's address was accepted: ${wrong.status}`)
      const ottos = new Browser(place.origin)
      must((await ottos.go(path)).status === 200, "Otto cannot see the invitation before signing up")
      const leads = await verify(ottos, await signUp(place, ottos, person, path))
      must(leads === path, `Otto was led to ${leads} instead of the invitation`)
      const joined = await ottos.go(`${path}/accept`, {})
      must(joined.status === 303, `accepting answered ${joined.status}`)
      return seen(
        { otto: atBrowser(place, ottos), person },
        `${signIn.email} is refused; ${person.email} signs up, is led back to the invitation and joins`
      )
    }
  )

  await step(
    "Otto's lists are filtered, deep links refused; removed, Otto is out at once; invited again, they join",
    ["K-R17", "S-R9", "P-R15", "P-R16", "C12"],
    async () => {
      await mustNotSee(otto, hidden)
      const all = list((await owner.session("GET", "/v1/members", 200)).json, "items")
      const member = find(all, "Otto", (one) => one.name === "Otto Falk")
      await owner.session("POST", `/v1/members/${text(member, "id")}/remove`, 200, {})
      await otto.session("GET", "/v1/companies", 403)
      await browser.go("/members", { email: person.email, role: "viewer", to: "everything" })
      const again = linkIn(
        await until("the second invitation", 20, async () =>
          (await mails(browser)).filter(({ text: words, to }) => to === person.email && words.includes("/join/"))[1] ===
          undefined
            ? undefined
            : mailTo(browser, person.email, "")
        ),
        "/join/"
      )
      const known = new Browser(place.origin)
      await known.go("/sign-in", { email: person.email, password: person.password })
      must((await known.go(`${again}/accept`, {})).status === 303, "somebody who has a sign-in could not join with it")
      await atBrowser(place, known).session("GET", `/v1/accounts/${hidden.accountId}`, 200)
      const last = await owner.session("POST", "/v1/organization/leave", 422, {})
      return seen(
        undefined,
        `one company of two, no accounts of the other; the owner cannot leave: ${text(last.json, "detail")}`
      )
    }
  )
  return { owner, companyId, hidden }
}
