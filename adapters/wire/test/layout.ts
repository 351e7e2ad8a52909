/**
 * Whether people can read and press what a page shows, at the width it has now: no text narrower than its longest word,
 * no text over another, none cut, nothing to press smaller than 24 px (WCAG 2.2, target size (minimum):
 * https://www.w3.org/TR/WCAG22/#target-size-minimum), and no page wider than the screen.
 */
import { readFileSync } from "node:fs"
import type { Page } from "playwright-core"

/** The widths at which every page is judged, in CSS pixels: small and common phones, tablet, desktop. */
export const widths = [320, 360, 390, 768, 1280] as const

/** The width of an A4 page between usual margins, in CSS pixels. */
export const paperWidth = 700

const source = readFileSync(new URL("./layout.page.js", import.meta.url), "utf8")

/** Makes what judges known to the page: text that is run from outside, which a content policy does not forbid. */
const teach = async (page: Page): Promise<void> => {
  if (!(await page.evaluate<boolean>("typeof layoutFaults === 'function'"))) await page.evaluate(source)
}

/** One line when a page has more than one primary action, so that nobody can tell what to do first; none otherwise. */
export const hierarchyFaults = async (page: Page): Promise<ReadonlyArray<string>> => {
  await teach(page)
  return tooManyActions(await page.evaluate<ReadonlyArray<string>>("primaryActions()"))
}

const tooManyActions = (actions: ReadonlyArray<string>): ReadonlyArray<string> =>
  actions.length > 1 ? [`${actions.length} primary actions: ${actions.join(" | ")}`] : []

/** One line a fault of the page as it stands. On paper nothing is pressed. */
export const layoutFaults = async (
  page: Page,
  { presses = true }: { readonly presses?: boolean } = {}
): Promise<ReadonlyArray<string>> => {
  await teach(page)
  return page.evaluate<ReadonlyArray<string>>(`layoutFaults(${String(presses)})`)
}

/** What layout and hierarchy have against the page as it stands, in one question to the browser. */
const atThisWidth = async (page: Page): Promise<ReadonlyArray<string>> => {
  const [faults, actions] = await page.evaluate<readonly [ReadonlyArray<string>, ReadonlyArray<string>]>(
    "[layoutFaults(true), primaryActions()]"
  )
  return [...faults, ...tooManyActions(actions)]
}

/** The narrowest width: where a page that was judged at every width is judged in its other states. */
export const narrowest: ReadonlyArray<number> = [widths[0]]

/** The faults at each width and on paper, each with where it was seen; leaves the page as wide as it was. */
export const layoutAtEveryWidth = async (
  page: Page,
  looked: ReadonlyArray<number> = widths
): Promise<ReadonlyArray<string>> => {
  const before = page.viewportSize()
  const found: Array<string> = []
  await teach(page)
  for (const width of looked) {
    await page.setViewportSize({ width, height: 900 })
    found.push(...(await atThisWidth(page)).map((fault) => `${width} px: ${fault}`))
  }
  await page.setViewportSize({ width: paperWidth, height: 1000 })
  await page.emulateMedia({ media: "print" })
  found.push(...(await layoutFaults(page, { presses: false })).map((fault) => `paper: ${fault}`))
  await page.emulateMedia({ media: null })
  if (before !== null) await page.setViewportSize(before)
  return found
}
