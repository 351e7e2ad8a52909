/** Starts the real browser that tests and pictures use. */
import chromium from "@sparticuz/chromium"
import { type Browser, chromium as playwright } from "playwright-core"

// Made for one page in one process in a cloud; here many pages follow each other, and the browser's own checks are what is tested.
const unwanted = new Set(["--single-process", "--no-zygote", "--disable-web-security", "--allow-running-insecure-content"])
const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]

/** A browser without a window; whoever starts it closes it. */
export const launch = async (): Promise<Browser> =>
  playwright.launch({
    args: [...chromium.args.filter((arg) => !unwanted.has(arg)), ...quiet], executablePath: await chromium.executablePath(), headless: true
  })
