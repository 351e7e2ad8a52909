/** Starts the real browser that tests and pictures use. */
import chromium from "@sparticuz/chromium"
import { type Browser, chromium as playwright } from "playwright-core"

// The package's own switches are for one page in one process in a cloud, and draw with a slow rasteriser for the sake of WebGL.
const args = [
  "--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--disable-background-networking", "--disable-component-update",
  "--disable-domain-reliability", "--disable-sync", "--no-first-run", "--no-pings"
]

/** A browser without a window; whoever starts it closes it. */
export const launch = async (): Promise<Browser> =>
  playwright.launch({ args, executablePath: await chromium.executablePath(), headless: true })
