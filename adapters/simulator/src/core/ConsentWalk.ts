/** Walks a consent page as a person with a browser would: sign in, read, tick, decide. For tests without a browser. */

/** Who decides what, where. */
export type Order = {
  /** The person's id in the world. */
  readonly as: string
  /** The consent address, real or mapped. */
  readonly url: string
  readonly decision?: "allow" | "cancel"
  /** Seller or vendor id to choose where there is a choice; the first one unless given. */
  readonly account?: string
  /** Sent instead of signing in, to play a browser that already holds somebody's session. */
  readonly cookie?: string
}

/** How it ended: with a callback, on the provider's page after a cancel, or with the provider's refusal. */
export type Outcome =
  | { readonly kind: "callback"; readonly url: string; readonly cookie: string }
  | { readonly kind: "stayed"; readonly cookie: string }
  | {
      readonly kind: "refused"
      readonly status: number
      readonly code: string
      readonly rule: string
      readonly text: string
    }

/** There was no callback: the person stayed in the console, or the provider refused. */
export class NoCallback extends Error {
  readonly outcome: Outcome
  constructor(outcome: Outcome) {
    super(
      outcome.kind === "refused"
        ? `the provider refused with ${outcome.code}: ${outcome.text}`
        : "the person cancelled, and the provider sends nobody back"
    )
    this.name = "NoCallback"
    this.outcome = outcome
  }
}

const decode = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

const find = (html: string, pattern: RegExp): string => decode(pattern.exec(html)?.[1] ?? "")

const refusal = (status: number, html: string): Outcome => ({
  kind: "refused",
  status,
  code: find(html, /data-error-code="([^"]*)"/),
  rule: find(html, /data-rule="([^"]*)"/),
  text: find(html, /<p role="alert"[^>]*>([^<]*)</)
})

type Fetch = (request: Request) => Promise<Response>

/** A browser at one place of the provider, with the session that it holds. */
const browserAt = (fetch: Fetch, url: string, held: string) => {
  let cookie = held
  const withCookie = () => (cookie === "" ? {} : { cookie })
  const open = () => fetch(new Request(url, { redirect: "manual", headers: withCookie() }))
  const post = (path: string, fields: ReadonlyArray<readonly [string, string]>) =>
    fetch(
      new Request(new URL(path, url), {
        method: "POST",
        redirect: "manual",
        headers: { "content-type": "application/x-www-form-urlencoded", ...withCookie() },
        body: new URLSearchParams(fields.map(([name, value]) => [name, value])).toString()
      })
    )
  /** Signs in where the page asks for it; a refusal when it does not come to that. */
  const signIn = async (html: string, as: string): Promise<Outcome | undefined> => {
    const signedIn = await post(find(html, /<form method="post" action="([^"]*)"/), [
      ["person", as],
      ["return_to", find(html, /name="return_to" value="([^"]*)"/)]
    ])
    if (signedIn.status !== 303) return refusal(signedIn.status, await signedIn.text())
    cookie = (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? ""
    return undefined
  }
  return { cookie: () => cookie, open, post, signIn }
}

/** Opens a page, signing in where it asks for that: a redirect, a page, or a refusal. */
const arrive = async (browser: ReturnType<typeof browserAt>, as: string): Promise<Outcome | string> => {
  for (let visit = 0; visit < 2; visit++) {
    const response = await browser.open()
    const html = await response.text()
    if (response.status === 302) {
      return { kind: "callback", url: response.headers.get("location") ?? "", cookie: browser.cookie() }
    }
    if (response.status !== 200) return refusal(response.status, html)
    if (!html.includes('data-simulated-page="sign-in"')) return html
    const refused = await browser.signIn(html, as)
    if (refused !== undefined) return refused
  }
  return refusal(403, "")
}

/** Who begins a consent at the provider, for which account and application. */
export type BeginOrder = {
  /** The person's id in the world. */
  readonly as: string
  /** The address of the console, real or mapped, such as `https://sellercentral.amazon.com`. */
  readonly console: string
  /** The page with the button; Amazon's `/apps/manage` unless told, `/app-store` at Walmart. */
  readonly page?: string
  /** Seller or vendor id. */
  readonly account: string
  /** The application's id at the console; its client id at Walmart. */
  readonly application: string
  /** Sent instead of signing in. */
  readonly cookie?: string
}

/** The log-in address that opened, and the browser's session at the provider. */
export type Begun = { readonly url: string; readonly cookie: string }

/** Presses the button of an application in a console. */
export const begin = async (fetch: Fetch, order: BeginOrder): Promise<Begun> => {
  const browser = browserAt(fetch, `${order.console}${order.page ?? "/apps/manage"}`, order.cookie ?? "")
  const page = await arrive(browser, order.as)
  if (typeof page !== "string") throw new NoCallback(page)
  const form = page
    .split("<form")
    .find((one) => one.includes(`data-begin="${order.account}" data-application="${order.application}"`))
  const fields = ["application", "account", "ticket"].map(
    (name) => [name, find(form ?? "", new RegExp(`name="${name}" value="([^"]*)"`))] as const
  )
  const begun = await browser.post(find(form ?? "", /action="([^"]*)"/), fields)
  if (begun.status !== 302) throw new NoCallback(refusal(begun.status, await begun.text()))
  return { url: begun.headers.get("location") ?? "", cookie: browser.cookie() }
}

/** Takes the steps. `fetch` must not follow redirects by itself; the simulator's does not. */
export const walk = async (fetch: Fetch, order: Order): Promise<Outcome> => {
  const browser = browserAt(fetch, order.url, order.cookie ?? "")
  const html = await arrive(browser, order.as)
  if (typeof html !== "string") return html
  const form = html.slice(html.lastIndexOf("<form"))
  const decided = await browser.post(find(form, /action="([^"]*)"/), [
    ["request", find(form, /name="request" value="([^"]*)"/)],
    ["ticket", find(form, /name="ticket" value="([^"]*)"/)],
    ["account", order.account ?? find(form, /data-account="([^"]*)"/)],
    ["agreed", "yes"],
    ["decision", order.decision ?? "allow"]
  ])
  const cookie = browser.cookie()
  if (decided.status === 302) return { kind: "callback", url: decided.headers.get("location") ?? "", cookie }
  const after = await decided.text()
  return decided.status === 200 ? { kind: "stayed", cookie } : refusal(decided.status, after)
}
