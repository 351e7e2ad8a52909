import { Hono } from "hono"
import { describe, expect, test } from "vitest"
import { bodyLimitBytes } from "../src/page/http.ts"
import { readBody } from "../src/page/readBody.ts"

const app = new Hono()
app.use("*", readBody({ tooLarge: async (c) => c.text("large", 413), tooSlow: async (c) => c.text("slow", 408) }, 200))
app.post("/", async (c) => c.text((await c.req.formData()).getAll("name").join()))

const form = { "content-type": "application/x-www-form-urlencoded" }

/** A body of these pieces; without an end it stalls for ever. */
const streamed = (pieces: ReadonlyArray<string>, ends: boolean) =>
  new Request("http://console.example.com/", {
    method: "POST",
    headers: form,
    duplex: "half",
    body: new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
        if (ends) controller.close()
      }
    })
  } as RequestInit)

describe("the body of a form", () => {
  test("is handed on whole, in whatever pieces it comes", async () => {
    const response = await app.fetch(streamed(["na", "me=Ha", "rbour"], true))
    expect([response.status, await response.text()]).toEqual([200, "Harbour"])
  })

  test("that stalls is given up in time, and its connection closed", async () => {
    const response = await app.fetch(streamed(["name=Ha"], false))
    expect([response.status, await response.text(), response.headers.get("connection")]).toEqual([408, "slow", "close"])
  })

  test("that is too large is not read to its end, whether it says so or not", async () => {
    const silent = await app.fetch(streamed(["x".repeat(bodyLimitBytes + 1)], false))
    expect(silent.status).toBe(413)
    const said = await app.fetch(
      new Request("http://console.example.com/", {
        method: "POST",
        headers: form,
        body: "x".repeat(bodyLimitBytes + 1)
      })
    )
    expect(said.status).toBe(413)
  })
})
