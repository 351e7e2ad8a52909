/**
 * `npm run bench -- simulator`: requests that the simulated Amazon answers in process, against a bare Hono app that
 * answers each with the same constant object.
 */
import { Simulator } from "@portolan/simulator"
import { Effect } from "effect"
import { Hono } from "hono"
import { type Case, compare } from "../src/measure.ts"

const json = async (response: Response): Promise<{ readonly [key: string]: unknown }> => {
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as { readonly [key: string]: unknown }
}

const asking = (name: string, ask: () => Promise<unknown>): Case => ({
  name,
  operation: Effect.tryPromise({ try: ask, catch: (cause) => new Error(String(cause)) })
})

const tokenAddress = "https://api.amazon.com/auth/o2/token"

/** Measures them, one lane. */
export const simulator = (millis: number) =>
  Effect.gen(function* () {
    const simulated = Simulator.make({ seed: 7, preset: "seller-us-ready", clock: { manual: "2026-07-15T12:00:00Z" } })
    const { clientId, clientSecret, returnUrls } = simulated.application()
    const redirect = returnUrls[0] ?? ""
    const client = { client_id: clientId, client_secret: clientSecret }
    const post = (body: { readonly [name: string]: string }) =>
      new Request(tokenAddress, { method: "POST", body: new URLSearchParams({ ...body, ...client }) })
    const tokens = yield* Effect.promise(async () => {
      const asked = new URLSearchParams({
        client_id: clientId,
        response_type: "code",
        scope: "advertising::campaign_management",
        redirect_uri: redirect,
        state: "bench"
      })
      const address = await simulated.consent({ as: "ada", url: `https://www.amazon.com/ap/oa?${asked}` })
      const code = new URL(address).searchParams.get("code") ?? ""
      const exchange = post({ grant_type: "authorization_code", code, redirect_uri: redirect })
      return await json(await simulated.fetch(exchange))
    })
    const refresh = () => post({ grant_type: "refresh_token", refresh_token: String(tokens["refresh_token"]) })
    const profiles = () =>
      new Request("https://advertising-api.amazon.com/v2/profiles", {
        headers: { authorization: `Bearer ${tokens["access_token"]}`, "amazon-advertising-api-clientid": clientId }
      })
    const bare = new Hono()
    bare.post("/auth/o2/token", async (c) => {
      await c.req.parseBody()
      return c.json({ access_token: "Atza|".padEnd(400, "x"), token_type: "bearer", expires_in: 3600 })
    })
    return yield* compare(
      asking("a bare app, one constant answer", async () => json(await bare.fetch(refresh()))),
      [
        asking("a refresh", async () => json(await simulated.fetch(refresh()))),
        asking("the list of profiles", async () => {
          const response = await simulated.fetch(profiles())
          await response.text()
          if (response.status !== 200) throw new Error(String(response.status))
        })
      ],
      { millis, lanes: 1 }
    )
  })
