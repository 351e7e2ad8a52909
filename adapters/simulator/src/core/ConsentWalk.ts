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

/** Takes the steps. `fetch` must not follow redirects by itself; the simulator's does not. */
export const walk = async (fetch: (request: Request) => Promise<Response>, order: Order): Promise<Outcome> => {
  const post = (path: string, fields: ReadonlyArray<readonly [string, string]>, cookie: string) =>
    fetch(
      new Request(new URL(path, order.url), {
        method: "POST",
        redirect: "manual",
        headers: { "content-type": "application/x-www-form-urlencoded", ...(cookie === "" ? {} : { cookie }) },
        body: new URLSearchParams(fields.map(([name, value]) => [name, value])).toString()
      })
    )
  let cookie = order.cookie ?? ""
  const open = () => fetch(new Request(order.url, { redirect: "manual", headers: cookie === "" ? {} : { cookie } }))
  let response = await open()
  let html = await response.text()
  if (response.status === 302) return { kind: "callback", url: response.headers.get("location") ?? "", cookie }
  if (response.status !== 200) return refusal(response.status, html)
  if (html.includes('data-simulated-page="sign-in"')) {
    const signIn = await post(
      find(html, /<form method="post" action="([^"]*)"/),
      [
        ["person", order.as],
        ["return_to", find(html, /name="return_to" value="([^"]*)"/)]
      ],
      cookie
    )
    if (signIn.status !== 303) return refusal(signIn.status, await signIn.text())
    cookie = (signIn.headers.get("set-cookie") ?? "").split(";")[0] ?? ""
    response = await open()
    html = await response.text()
    if (response.status !== 200) return refusal(response.status, html)
  }
  const form = html.slice(html.lastIndexOf("<form"))
  const decided = await post(
    find(form, /action="([^"]*)"/),
    [
      ["request", find(form, /name="request" value="([^"]*)"/)],
      ["ticket", find(form, /name="ticket" value="([^"]*)"/)],
      ["account", order.account ?? find(form, /data-account="([^"]*)"/)],
      ["agreed", "yes"],
      ["decision", order.decision ?? "allow"]
    ],
    cookie
  )
  if (decided.status === 302) return { kind: "callback", url: decided.headers.get("location") ?? "", cookie }
  const after = await decided.text()
  return decided.status === 200 ? { kind: "stayed", cookie } : refusal(decided.status, after)
}
