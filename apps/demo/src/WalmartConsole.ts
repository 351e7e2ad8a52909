/**
 * Walmart's advertising console in the simulated world: an admin lets us in, changes what we may do, and takes us off
 * again.
 */
import { Browser, Unexpected } from "./Http.ts"
import { must, type Place } from "./Place.ts"

/** The host of the console, as the simulator names it in its paths. */
const host = "advertising.walmart.com"

/** Somebody at the console. */
export class WalmartConsole {
  readonly #browser: Browser
  private constructor(browser: Browser) {
    this.#browser = browser
  }

  /** Signs in as one of the simulated people. */
  static async open(place: Place, person: string): Promise<WalmartConsole> {
    const browser = new Browser(place.simulator)
    const { status } = await browser.go(`/${host}/ap/signin`, { person, return_to: "/" })
    must(status === 303, `Walmart's console answered ${status}`)
    return new WalmartConsole(browser)
  }

  /**
   * Posts one of the forms of an advertiser's Admin page: adds us as partner, changes the access type, or removes us.
   */
  async partner(
    advertiser: string,
    action: "add" | "change" | "remove",
    access: "read" | "write" = "write"
  ): Promise<void> {
    const path = `/${host}/admin/advertiser/${advertiser}/api-partners`
    const { page } = await this.#browser.go(path)
    const ticket = /name="ticket" value="([^"]*)"/.exec(page)?.[1]
    if (ticket === undefined) throw new Unexpected("this person may change nothing on the Admin page")
    const { page: after, status } = await this.#browser.go(path, { ticket, partner: "portolan", access, action })
    must(status === 303, `${action} answered ${status}: ${/role="alert"[^>]*>([^<]*)/.exec(after)?.[1] ?? ""}`)
  }
}
