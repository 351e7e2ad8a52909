/** Visits every page that links lead to, and judges each: layout at every width and on paper, axe, weight. */
import type { Page } from "playwright-core"
import { faults } from "../../../../adapters/wire/test/browser.ts"
import { layoutAtEveryWidth } from "../../../../adapters/wire/test/layout.ts"

/** What was found in one world. */
export interface Visited {
  /** The addresses of the pages, without their origin. */
  readonly pages: ReadonlyArray<string>
  readonly layout: ReadonlyArray<string>
  readonly axe: ReadonlyArray<string>
  /** The heaviest page as a browser gets it that knows nothing yet: its HTML, styles, scripts and pictures, unpacked. */
  readonly weightKb: number
}

/** How a world is visited. */
export interface Visit {
  readonly origin: string
  /** Where the visit begins. */
  readonly starts: ReadonlyArray<string>
  /** How many pages of one kind are visited, e.g. accounts: their markup is the same. */
  readonly ofAKind: number
}

// Pages of one kind differ in the ids of their address; a filter or a place in a list makes another state of a page.
const kindOf = (path: string): string =>
  path.replaceAll(/[a-z]{3}_[0-9a-z]{26}/g, "*").replace(/\?.*$/, (query) => query.replaceAll(/=[^&]*/g, ""))

// The reference of the API is long by nature and judged by its own test; what is downloaded is no page.
const isElsewhere = (path: string): boolean => /^\/(docs|openapi|static|v1)\b/.test(path)

const linksOf = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate<ReadonlyArray<string>>(
    "[...document.querySelectorAll('a[href]')].filter((a) => a.origin === location.origin).map((a) => a.pathname + a.search)"
  )

/** Sums what pages load beside their HTML; a browser loads each such file once. */
const weighing = (page: Page) => {
  const files = new Map<string, number>()
  page.on("response", (response) => {
    if (response.request().resourceType() === "document") return
    response.body().then(
      (body) => files.set(response.url(), body.length),
      () => files.set(response.url(), 0)
    )
  })
  return () => [...files.values()].reduce((sum, bytes) => sum + bytes, 0)
}

/** Visits a world with a browser that is signed in where it has to be. */
export const visit = async (page: Page, { ofAKind, origin, starts }: Visit): Promise<Visited> => {
  const ahead = [...starts]
  const known = new Set(ahead)
  const kinds = new Map<string, number>()
  const pages: Array<string> = []
  const layout: Array<string> = []
  const axe: Array<string> = []
  const beside = weighing(page)
  let heaviest = 0
  for (let path = ahead.shift(); path !== undefined; path = ahead.shift()) {
    const kind = kindOf(path)
    const seen = kinds.get(kind) ?? 0
    if (seen >= ofAKind) continue
    kinds.set(kind, seen + 1)
    const response = await page.goto(`${origin}${path}`)
    const type = response?.headers()["content-type"] ?? ""
    if (response === null || !type.startsWith("text/html")) continue
    pages.push(path)
    heaviest = Math.max(heaviest, (await response.body()).length)
    axe.push(...(await faults(page)).map((fault) => `${path}: ${fault}`))
    layout.push(...(await layoutAtEveryWidth(page)).map((fault) => `${path}, ${fault}`))
    for (const link of await linksOf(page)) {
      if (known.has(link) || isElsewhere(link)) continue
      known.add(link)
      ahead.push(link)
    }
  }
  return { pages, layout, axe, weightKb: Math.ceil((heaviest + beside()) / 1000) }
}
