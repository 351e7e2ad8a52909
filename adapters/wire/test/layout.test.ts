import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { launch } from "./browser.ts"
import { layoutAtEveryWidth, layoutFaults } from "./layout.ts"

let browser: Browser
let page: Page

beforeAll(async () => {
  browser = await launch()
  page = await browser.newPage({ viewport: { width: 390, height: 844 } })
})
afterAll(() => browser.close())

const judged = async (body: string): Promise<ReadonlyArray<string>> => {
  await page.setContent(
    `<!doctype html><html lang="en"><body style="margin: 16px; font: 16px sans-serif">${body}</body></html>`
  )
  return layoutFaults(page)
}

describe("a page that can be read and pressed", () => {
  it.each([
    [
      "plain text with a link in it",
      `<p>Read <a href="#">more</a> about it, in as many lines as it takes to say it all.</p>`
    ],
    [
      "a long identifier that breaks",
      `<p style="width: 120px; overflow-wrap: anywhere">acc_01hf7yat000000000000000000</p>`
    ],
    [
      "text for screen readers",
      `<p>Due <span style="position: absolute; width: 1px; height: 1px; overflow: hidden">in days</span></p>`
    ],
    [
      "a table that scrolls",
      `<div style="overflow-x: auto; width: 200px"><table style="width: 900px"><tr><td>one<td>two</table></div>`
    ],
    ["a closed part", `<details><summary style="padding: 8px">More</summary><p style="width: 0">hidden</p></details>`],
    [
      "a box with its label around it",
      `<label style="display: block; padding: 8px"><input type="checkbox"> Remember</label>`
    ]
  ])("%s", async (_, body) => {
    expect(await judged(body)).toEqual([])
  })
})

describe("a fault of the layout", () => {
  it.each([
    [
      "a list of no width",
      `<ol style="width: 0; padding: 0; overflow-wrap: anywhere"><li>Sign in as Ada</li></ol>`,
      /narrower than its longest word|without width/
    ],
    [
      "a word that breaks",
      `<p style="width: 40px; overflow-wrap: anywhere">marketplace</p>`,
      /narrower than its longest word/
    ],
    [
      "a cut line",
      `<p style="width: 80px; overflow: hidden; white-space: nowrap">Lanterns of Canada and elsewhere</p>`,
      /^cut/
    ],
    ["a cut box", `<div style="height: 20px; overflow: hidden"><p>One</p><p>Two</p></div>`, /^cut/],
    [
      "text over text",
      `<p style="position: absolute; top: 20px">Connected</p><p style="position: absolute; top: 22px">Overdue</p>`,
      /over each other/
    ],
    ["text left of the screen", `<p style="margin-left: -60px">Menu</p>`, /outside of the screen/],
    ["a small button", `<button style="font-size: 8px; padding: 0; border: 0">x</button>`, /px to press/],
    ["a small box without a label", `<input type="checkbox" style="width: 13px; height: 13px">`, /px to press/],
    ["a page that is too wide", `<p style="width: 800px">Wide</p>`, /wider than the screen/]
  ])("%s", async (_, body, fault) => {
    expect((await judged(body)).join("\n")).toMatch(fault)
  })

  it("is found at the width where it is, and on paper", async () => {
    await page.setContent(`<!doctype html><html lang="en"><head><style>
      @media (max-width: 340px) { .a { width: 20px; overflow-wrap: anywhere } }
      @media print { .b { width: 20px; overflow-wrap: anywhere } }
    </style></head><body><p class="a">Narrow</p><p class="b">Printed</p></body></html>`)
    const found = await layoutAtEveryWidth(page)
    expect(found.map((one) => one.split(":")[0])).toEqual(["320 px", "paper"])
  })
})
