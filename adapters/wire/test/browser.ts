/**
 * The real browser that tests and pictures use, and what is seriously wrong with a page as it stands: faults of
 * accessibility that axe calls serious or critical, and being wider than the screen. Every test of pages judges by
 * this.
 */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import chromium from "@sparticuz/chromium"
import { type Browser, type Page, chromium as playwright } from "playwright-core"

// The package's own switches are for one page in one process in a cloud, and draw with a slow rasteriser for the sake
// of WebGL.
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--font-render-hinting=none",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-first-run",
  "--no-pings"
]

/** A browser without a window; whoever starts it closes it. */
export const launch = async (): Promise<Browser> =>
  playwright.launch({ args, executablePath: await chromium.executablePath(), headless: true })

/** What axe looks at. */
export interface Eye {
  /** Rules by name; every rule of these standards and of best practice when left out. */
  readonly rules?: ReadonlyArray<string>
  /** Selectors of the parts that are looked at; the whole page when left out. */
  readonly within?: ReadonlyArray<string>
  /** Selectors of the parts that are not. */
  readonly without?: ReadonlyArray<string>
  /** Tells lesser faults, too. */
  readonly strict?: boolean
}

/** The frame around every page of a person; the first page that is looked at judges it. */
export const frame: ReadonlyArray<string> = ["header.top", "footer.bottom"]

/** Rules whose answer depends on widths, and in the dark on colours; the markup is the same at every look. */
export const narrow: Eye = { rules: ["target-size", "scrollable-region-focusable", "meta-viewport"] }
/** The same for a dark phone. */
export const dark: Eye = { rules: [...(narrow.rules ?? []), "color-contrast"] }

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: ReadonlyArray<{ readonly html: string; readonly failureSummary?: string }>
}

/** Whether a page is wider than the screen: no line, or one. */
export const wider = async (page: Page): Promise<ReadonlyArray<string>> => {
  const by = await page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth")
  return by > 0 ? [`${by} px wider than the screen`] : []
}

/** What the browser says when a page goes away while something runs in it: a click does not wait for where it leads. */
const wentAway = /context was destroyed|navigat|reading 'documentElement'/i

/** Does something in a page, and again in the one that comes when the page went away meanwhile. */
const inPlace = async <A>(page: Page, work: () => Promise<A>): Promise<A> => {
  for (let left = 3; ; left--) {
    try {
      return await work()
    } catch (cause) {
      if (left === 0 || !(cause instanceof Error && wentAway.test(cause.message))) throw cause
      await page.waitForLoadState()
    }
  }
}

/** One line a fault; none for a page that may go out. */
export const faults = async (
  page: Page,
  { rules, strict = false, within, without = [] }: Eye = {}
): Promise<ReadonlyArray<string>> => {
  const context = {
    ...(within === undefined ? {} : { include: within.map((part) => [part]) }),
    exclude: without.map((part) => [part])
  }
  const options = {
    runOnly: rules === undefined ? { type: "tag", values: tags } : { type: "rule", values: rules },
    resultTypes: ["violations"],
    preload: false
  }
  const judged = `axe.run(${JSON.stringify(context)}, ${JSON.stringify(options)}).then(({ violations }) => violations)`
  const violations = await inPlace(page, async () => {
    // Text that is run in the page from outside: a page's content policy does not forbid it.
    if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(axe)
    return page.evaluate<ReadonlyArray<Violation>>(judged)
  })
  return [
    ...violations
      .filter(({ impact }) => strict || impact === "serious" || impact === "critical")
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map(({ failureSummary = "", html }) => `${html.slice(0, 200)} ${failureSummary}`)
            .join("\n")}`
      ),
    ...(await wider(page))
  ]
}

const phone = { width: 390, height: 900 }

/** What a page has against itself in the dark on a phone, apart from some parts of it; leaves it as it was. */
export const faultsInTheDark = async (
  page: Page,
  without: ReadonlyArray<string> = []
): Promise<ReadonlyArray<string>> => {
  const before = page.viewportSize()
  await page.setViewportSize(phone)
  await page.emulateMedia({ colorScheme: "dark" })
  // Colours that are on their way to others are neither.
  await page.evaluate("document.getAnimations().forEach((one) => one.finish())")
  const found = await faults(page, { ...dark, without })
  await page.emulateMedia({ colorScheme: "light" })
  if (before !== null) await page.setViewportSize(before)
  return found.map((fault) => `dark, ${phone.width} px: ${fault}`)
}
