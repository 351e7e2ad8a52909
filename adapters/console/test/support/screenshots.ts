/**
 * Takes pictures of every page at two widths into a folder: `node test/support/screenshots.ts <folder> [filter]
 * [dark]`.
 */
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { launch } from "../../../wire/test/browser.ts"
import { listen } from "./Browser.ts"
import { pages } from "./pages.ts"
import { seed } from "./seed.ts"

const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), "console-")))
const filter = new RegExp(process.argv[3] ?? "")
const scheme = process.argv[4] === "dark" ? "dark" : "light"
const { close, world } = await listen()
const seeded = await seed(world)
const browser = await launch()
try {
  for (const width of [1280, 390]) {
    for (const { as, name, path } of pages(seeded)) {
      if (!filter.test(name)) continue
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: scheme,
        deviceScaleFactor: 1
      })
      if (as !== undefined) {
        const [cookie = "", value = ""] = (await world.signIn(as)).split("=")
        await context.addCookies([{ name: cookie, value, url: world.origin }])
      }
      const page = await context.newPage()
      await page.goto(`${world.origin}${path}`)
      await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true })
      await context.close()
    }
  }
} finally {
  await browser.close()
  await close()
}
console.log(folder)
