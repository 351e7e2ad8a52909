/** Which requests are led to the one name that cookies and callbacks belong to. */
import { Hono } from "hono"
import { expect, test } from "vitest"
import { redirectToCanonicalOrigin } from "../src/redirectToCanonicalOrigin.ts"

const app = new Hono().use("*", redirectToCanonicalOrigin("http://127.0.0.1:4600")).all("*", (c) => c.text("here"))
const led = async (url: string, method = "GET") => {
  const answer = await app.request(url, { method })
  return answer.status === 307 ? answer.headers.get("location") : await answer.text()
}

test("a browser on this machine is led home, with its path and query", async () => {
  expect(await led("http://localhost:4600/companies?search=a")).toBe("http://127.0.0.1:4600/companies?search=a")
  expect(await led("http://[::1]:4600/")).toBe("http://127.0.0.1:4600/")
})

test("software, forms, and other names are answered where they asked", async () => {
  for (const path of ["/v1/companies", "/healthz", "/readyz"])
    expect(await led(`http://localhost:4600${path}`)).toBe("here")
  expect(await led("http://localhost:4600/sign-in", "POST")).toBe("here")
  for (const host of ["127.0.0.1:4600", "portolan.example.com"])
    expect(await led(`http://${host}/companies`)).toBe("here")
})
