/**
 * Somebody who had no account here: signs up with forms, proves the address with the mail, and founds an organization
 * or joins one.
 */
import { Browser } from "./Http.ts"
import { linkIn, type Mail, mailTo } from "./Mailbox.ts"
import { type Member, working } from "./Member.ts"
import { must, type Place } from "./Place.ts"

/** Who signs up. */
export interface Newcomer {
  readonly name: string
  readonly email: string
  readonly password: string
}

/** A newcomer of this name, with an address that nobody else has. */
export const newcomer = (name: string): Newcomer => ({
  name,
  email: `${name.split(" ")[0]?.toLowerCase() ?? "somebody"}.${crypto.randomUUID().slice(0, 8)}@people.example`,
  password: "correct horse battery"
})

/**
 * Posts the form; gives the mail that proves the address, as the installation's mailbox shows it to anybody in the
 * demo.
 */
export const signUp = async (place: Place, browser: Browser, who: Newcomer, back = "/companies"): Promise<Mail> => {
  const { status } = await browser.go("/sign-up", { ...who, return: back })
  must(status < 400, `signing up answered ${status}`)
  return mailTo(new Browser(place.origin), who.email, "", "installation")
}

/**
 * Opens the mail's link, which changes nothing, and confirms on its page; the browser is signed in then. Gives where it
 * leads.
 */
export const verify = async (browser: Browser, mail: Mail): Promise<string> => {
  const path = linkIn(mail, "/verify/")
  const shown = await browser.go(path)
  must(shown.status === 200, `the page behind the mail answered ${shown.status}`)
  const back = new URL(path, "http://x").searchParams.get("return")
  const { location, status } = await browser.go(path.split("?")[0] ?? path, back === null ? {} : { return: back })
  must(status === 303, `confirming the address answered ${status}`)
  return location
}

/** Founds an organization; its owner makes a key for everything that a key can do. */
export const foundOrganization = async (place: Place, browser: Browser, name: string): Promise<Member> => {
  const { location, status } = await browser.go("/organizations", { key: crypto.randomUUID(), name })
  must(status === 303 && location === "/companies", `founding answered ${status} and led to ${location}`)
  return working(place, browser, "Everything", ["read", "connect", "administer", "manage-people"])
}

/** All of it at once: a new owner with a new organization. */
export const settle = async (
  place: Place,
  name: string,
  organization: string
): Promise<Member & { readonly who: Newcomer }> => {
  const who = newcomer(name)
  const browser = new Browser(place.origin)
  await verify(browser, await signUp(place, browser, who))
  return { ...(await foundOrganization(place, browser, organization)), who }
}
