import { expect, test } from "vitest"
import { fresh, sellerTokens, sp, token, type Tokens } from "./support.ts"

const grantless = async (simulator: ReturnType<typeof fresh>, scope = "sellingpartnerapi::notifications") =>
  (await (await token(simulator, { grant_type: "client_credentials", scope })).json()) as Tokens

const send = (body: unknown, method = "POST") => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body)
})
const queue = { name: "main", resourceSpecification: { sqs: { arn: "arn:aws:sqs:us-east-2:444455556666:queue1" } } }
const changed = "/notifications/v1/subscriptions/ACCOUNT_STATUS_CHANGED"

test("who subscribed is told when Amazon judges an account anew", async () => {
  const simulator = fresh()
  const [own, seller] = [await grantless(simulator), await sellerTokens(simulator)]
  const account = Object.values(simulator.world().grants)[0]?.account ?? ""
  const made = await sp(simulator, own, "/notifications/v1/destinations", send(queue))
  const { payload } = (await made.json()) as { payload: { destinationId: string } }
  const order = send({ destinationId: payload.destinationId, payloadVersion: "2021-01-01" })
  const subscribed = await sp(simulator, seller, changed, order)
  const { payload: subscription } = (await subscribed.json()) as { payload: { subscriptionId: string } }
  expect(simulator.act({ kind: "account-status", account, status: "AT_RISK" })).toBe(1)
  expect(simulator.world().queue).toMatchObject([
    {
      notificationType: "ACCOUNT_STATUS_CHANGED",
      payload: {
        accountStatusChangeNotification: { previousAccountStatus: "NORMAL", currentAccountStatus: "AT_RISK" }
      },
      notificationMetadata: { subscriptionId: subscription.subscriptionId }
    }
  ])
  expect((await sp(simulator, seller, changed, order)).status).toBe(400)
  // A destination stays while something is sent there.
  const destination = `/notifications/v1/destinations/${payload.destinationId}`
  expect((await sp(simulator, own, destination, { method: "DELETE" })).status).toBe(400)
  const byId = `${changed}/${subscription.subscriptionId}`
  expect((await sp(simulator, own, byId, { method: "DELETE" })).status).toBe(200)
  expect((await sp(simulator, own, destination, { method: "DELETE" })).status).toBe(200)
  simulator.act({ kind: "account-status", account, status: "DEACTIVATED" })
  expect(simulator.world().queue).toHaveLength(1)
  expect((await sp(simulator, seller, "/sellers/v1/marketplaceParticipations")).status).toBe(403)
})

test("tokens of the wrong kind, other types and broken orders are refused", async () => {
  const simulator = fresh()
  const [own, seller] = [await grantless(simulator), await sellerTokens(simulator)]
  const status = async (tokens: Tokens, path: string, init = {}) => (await sp(simulator, tokens, path, init)).status
  expect(await status(seller, "/notifications/v1/destinations", send(queue))).toBe(403)
  expect(await status(own, changed)).toBe(403)
  const rotation = await grantless(simulator, "sellingpartnerapi::client_credential:rotation")
  expect(await status(rotation, "/notifications/v1/destinations")).toBe(403)
  const bad = [
    { name: "x", resourceSpecification: {} },
    { name: "x", resourceSpecification: { sqs: { arn: "queue" } } },
    { ...queue, colour: "red" }
  ]
  for (const body of bad) expect(await status(own, "/notifications/v1/destinations", send(body))).toBe(400)
  expect(await status(seller, changed, send({ destinationId: "none", payloadVersion: "1.0" }))).toBe(400)
  const other = await sp(
    simulator,
    seller,
    "/notifications/v1/subscriptions/ORDER_CHANGE",
    send({ destinationId: "a", payloadVersion: "1.0" })
  )
  expect([other.status, other.headers.get("x-portolan")]).toEqual([400, "not-simulated"])
})
