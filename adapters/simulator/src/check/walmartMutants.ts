/** Simulators of Walmart that break one rule each. */
import { sign } from "node:crypto"
import * as Hosts from "../core/Hosts.ts"
import type { WireRequest } from "../core/Wire.ts"
import type { World } from "../core/World.ts"
import * as Access from "../walmart/Access.ts"
import { privateKey } from "../walmart/testKey.ts"
import { always, edit, fieldsOf, type Mutant, withHeader, withQuery } from "./Mutant.ts"

const codes = (world: World) => Object.values(world.walmart.codes)
const grants = (world: World) => Object.values(world.walmart.grants)
const advertisers = (world: World) => Object.values(world.walmart.advertisers)
const ours = (world: World): string => Access.ours(world)?.id ?? ""

const isConnect = ({ host }: WireRequest): boolean => Hosts.find(host)?.kind === "walmart-connect"

/** A signature over what a request says of itself. */
const signed = (request: WireRequest): WireRequest => {
  const { "wm_consumer.id": id, "wm_consumer.intimestamp": at, "wm_sec.key_version": version } = request.headers
  const text = `${id ?? ""}\n${at ?? ""}\n${version ?? ""}\n`
  return withHeader(request, "wm_sec.auth_signature", sign("sha256", Buffer.from(text), privateKey).toString("base64"))
}

const connect: ReadonlyArray<Mutant> = [
  {
    id: "accepts any bearer token at Connect",
    by: ["WMC-403-02"],
    before: (world, request) =>
      isConnect(request) && request.headers.authorization !== undefined
        ? withHeader(request, "authorization", `Bearer ${Access.ours(world)?.authToken ?? ""}`)
        : request
  },
  {
    id: "does not verify signatures",
    by: ["WMC-403-05"],
    before: (_, request) => (isConnect(request) ? signed(request) : request)
  },
  {
    id: "accepts signatures of any time",
    by: ["WMC-403-06"],
    before: always((world) => edit([world.policy], () => ({ walmartSignatureSeconds: 1e12 })))
  },
  {
    id: "opens advertisers that never let us in",
    by: ["WMC-403-08"],
    before: always((world, _, now) => {
      for (const one of advertisers(world)) Access.add(world, one, ours(world), "read", now)
    })
  },
  {
    id: "forgets that a partner was removed",
    by: ["WMC-403-08"],
    before: always((world) => {
      for (const one of advertisers(world)) edit(one.access, () => ({ revokedAt: null }))
    })
  },
  {
    id: "lets read access write",
    by: ["WMC-403-09"],
    before: always((world) => {
      for (const one of advertisers(world)) edit(one.access, () => ({ type: "write" }))
    })
  },
  {
    id: "lets reporting-only partners write",
    by: ["WMC-403-10"],
    before: always((world) => edit(Object.values(world.walmart.partners), () => ({ type: "full-service" })))
  },
  {
    id: "needs no correlation id at Connect",
    by: ["WMC-403-03"],
    before: (_, request) => withHeader(request, "wm_qos.correlation_id", "any")
  },
  {
    id: "has no hourly budget",
    by: ["WMC-429-01"],
    before: always((world) => edit([world.policy], () => ({ walmartHourlyBudget: null })))
  },
  {
    id: "forgets the end of a campaign",
    by: ["KEPT-WALMART"],
    after: (world, _request, reply) => {
      for (const one of advertisers(world)) edit(one.campaigns, () => ({ endDate: "9999-12-31" }))
      return reply
    }
  }
]

const marketplace: ReadonlyArray<Mutant> = [
  {
    id: "accepts a used code at Walmart",
    by: ["WMP-TOK-09"],
    before: always((world) => edit(codes(world), () => ({ usedAt: null })))
  },
  {
    id: "forgets that codes grow old at Walmart",
    by: ["WMP-TOK-08"],
    before: always((world, request, now) => {
      if (request.path === "/v3/token") edit(codes(world), () => ({ issuedAt: now }))
    })
  },
  {
    id: "ignores the redirect address of a code",
    by: ["WMP-TOK-10"],
    before: always((world, request) => {
      const redirectUri = fieldsOf(request).get("redirect_uri")
      if (request.path === "/v3/token" && redirectUri !== null) edit(codes(world), () => ({ redirectUri }))
    })
  },
  {
    id: "exchanges for any partner id",
    by: ["WMP-TOK-03"],
    before: (world, request) =>
      request.path === "/v3/token" ? withHeader(request, "wm_partner.id", codes(world)[0]?.sellerId ?? "") : request
  },
  {
    id: "needs no service name",
    by: ["WMP-TOK-02"],
    before: (_, request) => withHeader(request, "wm_svc.name", "Walmart Marketplace")
  },
  {
    id: "forgets that a seller removed the application",
    by: ["WMP-TOK-12"],
    before: always((world) => edit(grants(world), () => ({ revokedAt: null })))
  },
  {
    id: "refreshes for ever at Walmart",
    by: ["WMP-TOK-13"],
    before: always((world) => edit(grants(world), () => ({ expiresAt: Number.MAX_SAFE_INTEGER })))
  },
  {
    id: "forgets to expire access tokens at Walmart",
    by: ["WMP-401-02"],
    before: always((world) => edit([world.policy], () => ({ walmartAccessTokenSeconds: 1e9 })))
  },
  {
    id: "takes a bearer token in place of the header",
    by: ["WMP-401-01"],
    before: (_, request) => {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1]
      return token === undefined ? request : withHeader(request, "wm_sec.access_token", token)
    }
  },
  {
    id: "needs no correlation id",
    by: ["WMP-400-01"],
    before: (_, request) => withHeader(request, "wm_qos.correlation_id", "any")
  },
  {
    id: "ignores scopes",
    by: ["WMP-403-01"],
    before: always((world) => edit(grants(world), ({ scopes }) => ({ scopes: { ...scopes, orders: "full_access" } })))
  },
  {
    id: "needs no nonce",
    by: ["WML-AUT-04"],
    before: (_, request) =>
      request.path === "/authorize"
        ? withQuery(request, (query) => {
            if (!query.has("nonce")) query.set("nonce", "any")
          })
        : request
  },
  {
    id: "sends codes to any address at Walmart",
    by: ["WML-AUT-02"],
    before: always((world, request) => {
      const wish = new URLSearchParams(request.query).get("redirectUri")
      if (wish !== null) {
        edit(Object.values(world.walmart.applications), ({ redirectUris }) => ({
          redirectUris: [...redirectUris, wish]
        }))
      }
    })
  }
]

/** The mutants. */
export const mutants: ReadonlyArray<Mutant> = [...connect, ...marketplace]
