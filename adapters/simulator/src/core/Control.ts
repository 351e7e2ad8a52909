/**
 * The shell around the core: turns `Request` into a plain request and back, finds the host a mapped address stands for,
 * and serves the control surface under `/_sim`. Control answers only to loopback names, so that no web page reaches it
 * by a name of its own.
 */
import { Hono } from "hono"
import * as ConsentWalk from "./ConsentWalk.ts"
import type { Order } from "./FaultOrder.ts"
import { locate, readBody, respond } from "./shell.ts"
import type { Simulator } from "./SimulatorApi.ts"
import type { WireReply } from "./Wire.ts"
import * as Wire from "./Wire.ts"
import type { Action, AdvertiserOrder } from "./World.ts"

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"])

type Dictionary = Readonly<Record<string, unknown>>

/** Whether the caller is to blame: a value out of range, or a body that is no JSON of the expected shape. */
const isMistake = (error: Error): boolean =>
  error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError

/** What the world holds, without the secrets of consents. */
const describeWorld = (simulator: Simulator) => {
  const world = simulator.world()
  return {
    seed: world.seed,
    preset: world.preset,
    now: new Date(simulator.now()).toISOString(),
    policy: world.policy,
    applications: Object.values(world.applications),
    people: Object.values(world.people),
    sellers: Object.values(world.sellers),
    vendors: Object.values(world.vendors),
    profiles: Object.values(world.profiles),
    walmart: {
      partner: simulator.walmartPartner(),
      applications: Object.values(world.walmart.applications),
      advertisers: Object.values(world.walmart.advertisers),
      sellers: Object.values(world.walmart.sellers),
      partners: Object.values(world.walmart.partners).map(({ id, name, type }) => ({ id, name, type })),
      grants: Object.values(world.walmart.grants).map(({ refreshToken: _, ...grant }) => grant)
    },
    faults: world.faults,
    schedule: world.schedule,
    grants: Object.values(world.grants).map(({ refreshTokens, ...grant }) => ({
      ...grant,
      refreshTokens: refreshTokens.length
    })),
    requests: world.counters.requests ?? 0
  }
}

/** Reading the world, and walking a consent page. */
const addReads = (app: Hono, simulator: Simulator): void => {
  app.get("/world", (context) => context.json(describeWorld(simulator)))
  app.get("/journal", (context) => {
    const after = Number(context.req.query("after") ?? "0")
    return context.json(simulator.journal().filter((entry) => entry.sequence > after))
  })
  app.get("/queue", (context) => context.json(simulator.world().queue ?? []))
  app.get("/snapshot", (context) => context.json(simulator.snapshot()))
  app.post("/consent", async (context) =>
    context.json(await simulator.walk(orderOf(await context.req.json<Dictionary>())))
  )
}

/** What happens in the world at Amazon. */
const addActions = (app: Hono, simulator: Simulator): void => {
  app.post("/act", async (context) => {
    const { afterMilliseconds, ...action } = await context.req.json<Action & { readonly afterMilliseconds?: number }>()
    return context.json({ touched: simulator.act(action as Action, afterMilliseconds) })
  })
  app.post("/revoke", async (context) =>
    context.json({ touched: simulator.revoke(await context.req.json<{ readonly person?: string }>()) })
  )
  app.post("/permission", async (context) => {
    const { person, profile, access } = await context.req.json<Dictionary>()
    if (access !== "view" && access !== "edit" && access !== "none") {
      throw new RangeError("access is view, edit or none")
    }
    return context.json({ touched: simulator.setPermission(String(person), String(profile), access) })
  })
  app.post("/campaign", async (context) =>
    context.json({ touched: simulator.addCampaign(String((await context.req.json<Dictionary>()).profile)) })
  )
  app.post("/login-uri", async (context) => {
    const { provider = "amazon", url } = await context.req.json<Dictionary>()
    if (provider !== "amazon" && provider !== "walmart") throw new RangeError("provider is amazon or walmart")
    return context.json({ touched: simulator.registerLoginUri(String(url), provider) })
  })
  app.post("/return-url", async (context) =>
    context.json({ touched: simulator.registerReturnUrl(String((await context.req.json<Dictionary>()).url)) })
  )
}

/** What happens in the world at Walmart. */
const addWalmartActions = (app: Hono, simulator: Simulator): void => {
  app.post("/walmart-access", async (context) => {
    const { advertiser, access, partner } = await context.req.json<Dictionary>()
    if (access !== "read" && access !== "write" && access !== "none")
      throw new RangeError("access is read, write or none")
    const touched = simulator.setWalmartAccess(
      String(advertiser),
      access,
      typeof partner === "string" ? partner : undefined
    )
    return context.json({ touched })
  })
  app.post("/walmart-advertiser", async (context) =>
    context.json({ advertiser: simulator.addWalmartAdvertiser(await context.req.json<AdvertiserOrder>()) })
  )
  app.post("/walmart-spend-limit", async (context) => {
    const { advertiser, reached } = await context.req.json<Dictionary>()
    return context.json({ touched: simulator.setWalmartSpendLimit(String(advertiser), reached === true) })
  })
}

/** Faults, time, and the world as a whole. */
const addFaultsAndTime = (app: Hono, simulator: Simulator): void => {
  app.post("/fail-reports", async (context) => {
    simulator.failReports(Number((await context.req.json<Dictionary>()).count))
    return context.json({})
  })
  app.post("/fault", async (context) => context.json(simulator.arm(await context.req.json<Order>())))
  app.delete("/fault", (context) => {
    simulator.disarm(context.req.query("id"))
    return context.json({})
  })
  app.post("/advance", async (context) => {
    const now = simulator.advance(Number((await context.req.json<Dictionary>()).milliseconds))
    return context.json({ now: new Date(now).toISOString() })
  })
  app.post("/reset", (context) => {
    simulator.reset()
    return context.json({})
  })
  app.post("/restore", async (context) => {
    simulator.restore(await context.req.json())
    return context.json({})
  })
}

const control = (simulator: Simulator) => {
  const app = new Hono().basePath("/_sim")
  app.use(async (context, next) => {
    // A form post from a web page cannot carry this content type without asking first.
    const isRead = context.req.method === "GET" || context.req.method === "HEAD"
    if (!isRead && !(context.req.header("content-type") ?? "").startsWith("application/json")) {
      return context.json({ error: "send JSON" }, 415)
    }
    return next()
  })
  app.onError((error, context) => context.json({ error: error.message }, isMistake(error) ? 400 : 500))
  addReads(app, simulator)
  addActions(app, simulator)
  addWalmartActions(app, simulator)
  addFaultsAndTime(app, simulator)
  return app
}

const orderOf = (body: Dictionary): ConsentWalk.Order => {
  if (typeof body.as !== "string" || typeof body.url !== "string" || !URL.canParse(body.url)) {
    throw new RangeError("a consent needs `as` (a person's id) and `url`")
  }
  return {
    as: body.as,
    url: body.url,
    decision: body.decision === "cancel" ? "cancel" : "allow",
    ...(typeof body.account === "string" ? { account: body.account } : {}),
    ...(typeof body.cookie === "string" ? { cookie: body.cookie } : {})
  }
}

const apps = new WeakMap<Simulator, Hono>()

/**
 * Answers any request; rejects only where a fault breaks the connection, as a `fetch` of a broken one does. `front`
 * makes the front page of a standalone simulator.
 */
export const serve = async (
  simulator: Simulator,
  front: (simulator: Simulator, base: string) => WireReply,
  request: Request
): Promise<Response> => {
  const url = new URL(request.url)
  const place = locate(simulator, url)
  const isControl = url.pathname === "/_sim" || url.pathname.startsWith("/_sim/")
  const isOwn = loopback.has(url.hostname) || simulator.names.has(url.hostname)
  if (place === undefined && isControl) {
    if (!isOwn) {
      const error = `control answers to loopback names and those given by --name, not to ${url.hostname}`
      return Response.json({ error }, { status: 403 })
    }
    const app = apps.get(simulator) ?? control(simulator)
    apps.set(simulator, app)
    return app.fetch(request)
  }
  if (place === undefined && url.pathname === "/healthz") {
    return respond(Wire.json(200, { status: "ok" }, { "cache-control": "no-store" }), request.method)
  }
  if (place === undefined && url.pathname === "/" && isOwn) {
    return respond(front(simulator, url.origin), request.method)
  }
  const body = await readBody(request)
  if (body === undefined) return Response.json({ message: "Request Entity Too Large" }, { status: 413 })
  return respond(
    simulator.answer({
      method: request.method,
      ...(place ?? { host: url.hostname, path: url.pathname, base: url.origin }),
      query: url.search.slice(1),
      headers: Object.fromEntries(request.headers),
      body
    }),
    request.method
  )
}
