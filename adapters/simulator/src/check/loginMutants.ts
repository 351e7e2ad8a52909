/** Simulators of Login with Amazon and of the consoles that break one rule each. */
import * as Hosts from "../core/Hosts.ts"
import type { WireRequest } from "../core/Wire.ts"
import type { World } from "../core/World.ts"
import { always, edit, fieldsOf, type Mutant } from "./Mutant.ts"

/** Amazon's codes and grants, and the client that a token request names. */
const codes = (world: World) => Object.values(world.codes)
const grants = (world: World) => Object.values(world.grants)

const isToken = ({ host, path }: WireRequest): boolean =>
  Hosts.find(host)?.kind === "login" && path === "/auth/o2/token"

/** Breaks something before each token request. */
const atToken =
  (run: (world: World, fields: URLSearchParams, now: number) => void): NonNullable<Mutant["before"]> =>
  (world, request, now) => {
    if (isToken(request)) run(world, fieldsOf(request), now)
    return request
  }

const tokens: ReadonlyArray<Mutant> = [
  {
    id: "accepts a used code",
    by: ["LWA-TOK-07"],
    before: atToken((world) => edit(codes(world), () => ({ usedAt: null })))
  },
  {
    id: "forgets that codes grow old",
    by: ["LWA-TOK-06"],
    before: atToken((world, _, now) => edit(codes(world), () => ({ issuedAt: now })))
  },
  {
    id: "gives a code to any client",
    by: ["LWA-TOK-08"],
    before: atToken((world, fields) => edit(codes(world), () => ({ clientId: fields.get("client_id") })))
  },
  {
    id: "ignores the return address of a code",
    by: ["LWA-TOK-09"],
    before: atToken((world, fields) => edit(codes(world), () => ({ redirectUri: fields.get("redirect_uri") })))
  },
  {
    id: "ignores the verifier",
    by: ["LWA-TOK-10"],
    before: atToken((world) => edit(codes(world), () => ({ challenge: null })))
  },
  {
    id: "takes any client secret",
    by: ["LWA-TOK-03"],
    before: atToken((world, fields) =>
      edit(Object.values(world.applications), () => ({ clientSecret: fields.get("client_secret") }))
    )
  },
  {
    id: "accepts a secret for ever after its rotation",
    by: ["LWA-TOK-04"],
    before: always((world) =>
      edit(Object.values(world.applications), ({ previousSecret }) => ({
        previousSecret: previousSecret === null ? null : { ...previousSecret, until: Number.MAX_SAFE_INTEGER }
      }))
    )
  },
  {
    id: "drops a secret at its rotation",
    by: ["SECRET-OVERLAP"],
    before: always((world) => edit(Object.values(world.applications), () => ({ previousSecret: null })))
  },
  {
    id: "forgets revocations",
    by: ["LWA-TOK-12", "ADS-401-01", "SPA-403-03"],
    before: always((world) => edit(grants(world), () => ({ revokedAt: null })))
  },
  {
    id: "revokes everybody with one",
    by: ["REVOKED-ONCE"],
    before: always((world) => {
      const at = grants(world).find((one) => one.revokedAt !== null)?.revokedAt ?? null
      edit(grants(world), () => ({ revokedAt: at }))
    })
  },
  {
    id: "never ends a consent",
    by: ["LWA-TOK-13"],
    before: always((world) => edit(grants(world), () => ({ expiresAt: null })))
  },
  {
    id: "refreshes for any client",
    by: ["LWA-TOK-14"],
    before: atToken((world, fields) => edit(grants(world), () => ({ clientId: fields.get("client_id") })))
  },
  {
    id: "accepts refresh tokens that were rotated away",
    by: ["LWA-TOK-17"],
    before: always((world) => edit([world.policy], () => ({ rotation: "off" })))
  },
  {
    id: "gives refreshed tokens that are dead",
    by: ["REFRESH"],
    before: (world, request) => {
      if (!isToken(request)) edit(grants(world), ({ issued }) => ({ withdrawnSerial: issued > 1 ? issued : 0 }))
      return request
    }
  },
  {
    id: "forgets to expire access tokens",
    by: ["ADS-401-01", "SPA-403-02"],
    before: always((world) => edit([world.policy], () => ({ accessTokenSeconds: 1e9 })))
  }
]

const pages: ReadonlyArray<Mutant> = [
  {
    id: "sends codes to any address",
    by: ["LWA-AUT-02", "CEN-MD5101"],
    before: (world, request) => {
      const wish = new URLSearchParams(request.query).get("redirect_uri")
      if (wish !== null) {
        edit(Object.values(world.applications), ({ returnUrls }) => ({ returnUrls: [...returnUrls, wish] }))
      }
      return request
    }
  },
  {
    id: "lets anybody consent for a seller",
    by: ["CEN-SPDC8143"],
    before: always((world) =>
      edit(Object.values(world.people), ({ memberships }) => ({
        memberships: memberships.map((one) => ({ ...one, primary: true }))
      }))
    )
  },
  {
    id: "lets people consent to drafts",
    by: ["CEN-MD1000"],
    before: always((world) => edit(Object.values(world.applications), () => ({ draft: false })))
  }
]

/** The mutants. */
export const mutants: ReadonlyArray<Mutant> = [...tokens, ...pages]
