/**
 * `npm run pages`: visits the pages of the demo world and of a world with 500 companies and 1,000 connections in a real
 * browser and judges them. `--json` prints one object; `--companies N` makes the large world smaller. Exit code 1 when
 * there is a fault or a page is heavier than 300 kB.
 */
import { parseArgs } from "node:util"
import { Effect } from "effect"
import type { Browser } from "playwright-core"
import { launch } from "../../../../adapters/wire/test/browser.ts"
import type { Place } from "../../src/Place.ts"
import { visit, type Visited } from "./visit.ts"
import { demo, fill, owner } from "./worlds.ts"

const limitKb = 300

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, companies: { type: "string", default: "500" } }
})
const companies = Number(values.companies)
if (!Number.isInteger(companies) || companies < 1) {
  console.error(`--companies needs a whole number from 1, not ${values.companies}.`)
  process.exit(2)
}

const say = (text: string): void => {
  if (!values.json) console.log(text)
}

const withoutSession = ["/sign-in", "/sign-up", "/reset-password"]

const lookAt = async (browser: Browser, { origin }: Place, ofAKind: number): Promise<ReadonlyArray<Visited>> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  const outside = await visit(page, { origin, starts: withoutSession, ofAKind })
  await page.goto(`${origin}/sign-in`)
  await page.getByLabel("E-mail").fill(owner.email)
  await page.getByLabel("Password").fill(owner.password)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.waitForURL(`${origin}/companies**`)
  const inside = await visit(page, { origin, starts: ["/companies", "/settings", "/operator"], ofAKind })
  await context.close()
  return [outside, inside]
}

const program = Effect.gen(function* () {
  const browser = yield* Effect.acquireRelease(Effect.promise(launch), (one) => Effect.promise(() => one.close()))
  const place = yield* demo
  const small = yield* Effect.promise(() => lookAt(browser, place, 4))
  say(`demo world: ${small.reduce((sum, { pages }) => sum + pages.length, 0)} pages`)
  yield* Effect.promise(() => fill(place, companies))
  const large = yield* Effect.promise(() => lookAt(browser, place, 2))
  say(`large world: ${large.reduce((sum, { pages }) => sum + pages.length, 0)} pages`)
  return [...small, ...large]
})

const all = await Effect.runPromise(Effect.scoped(program))
const result = {
  pages: all.reduce((sum, { pages }) => sum + pages.length, 0),
  layout: all.flatMap(({ layout }) => layout),
  axe: all.flatMap(({ axe }) => axe),
  weightKb: Math.max(...all.map(({ weightKb }) => weightKb))
}
if (values.json) console.log(JSON.stringify(result))
else {
  for (const fault of [...result.layout, ...result.axe]) console.log(fault)
  const { layout, axe } = result
  say(`${result.pages} pages, ${layout.length} of layout, ${axe.length} of axe, the heaviest has ${result.weightKb} kB`)
}
if (result.layout.length + result.axe.length > 0 || result.weightKb > limitKb) process.exitCode = 1
process.exit()
