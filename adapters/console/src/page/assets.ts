/**
 * Stylesheets and scripts, served by ourselves: nothing is fetched from elsewhere, so the content policy can be strict
 * and the pages work without an outside network. Addresses carry a digest of the content and may be cached for ever.
 */
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import type { Hono } from "hono"
import { Effect } from "effect"

const require = createRequire(import.meta.url)

const files = {
  "pico.css": { path: () => require.resolve("@picocss/pico/css/pico.min.css"), type: "text/css; charset=utf-8" },
  "console.css": { path: () => new URL("../static/console.css", import.meta.url), type: "text/css; charset=utf-8" },
  "htmx.js": { path: () => require.resolve("htmx.org/dist/htmx.min.js"), type: "text/javascript; charset=utf-8" },
  "console.js": {
    path: () => new URL("../static/console.js", import.meta.url),
    type: "text/javascript; charset=utf-8"
  },
  "mark.svg": { path: () => new URL("../static/mark.svg", import.meta.url), type: "image/svg+xml" }
} as const

/** The files that pages refer to. */
export type Name = keyof typeof files

/** Addresses by name, and the route that serves them. */
export interface Assets {
  readonly url: { readonly [N in Name]: string }
  readonly routes: (app: Hono) => void
}

/** Reads every file once; a missing one is a defect of the installation. */
export const load: Effect.Effect<Assets> = Effect.promise(async () => {
  const entries = await Promise.all(
    Object.entries(files).map(async ([name, { path, type }]) => {
      const body = await readFile(path())
      const digest = createHash("sha256").update(body).digest("hex").slice(0, 12)
      return { name: name as Name, url: `/assets/${digest}/${name}`, body: new Uint8Array(body), type }
    })
  )
  const byUrl = new Map(entries.map((entry) => [entry.url, entry]))
  const url = Object.fromEntries(entries.map((entry) => [entry.name, entry.url])) as { readonly [N in Name]: string }
  return {
    url,
    routes: (app) => {
      app.get("/assets/:digest/:name", (c) => {
        const found = byUrl.get(c.req.path)
        return found === undefined
          ? c.notFound()
          : c.body(found.body, 200, {
              "Content-Type": found.type,
              "Cache-Control": "public, max-age=31536000, immutable"
            })
      })
    }
  }
})
