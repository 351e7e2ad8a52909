/** Refusals of Login with Amazon and of the consoles, played. */
import * as Hosts from "../core/Hosts.ts"
import { other, play, type Play } from "./Check.ts"
import { type Player, returnUrl } from "./Player.ts"

const DAY_MS = 86_400_000

const tokenPlays: ReadonlyArray<Play> = [
  play("LWA-TOK-01", "no grant type", (p) => p.token({})),
  play("LWA-TOK-02", "an unknown grant type", (p) => p.token({ grant_type: "password" })),
  play("LWA-TOK-03", "a wrong secret", (p) => p.refresh("x", { client_secret: "wrong" })),
  play("LWA-TOK-04", "a secret that was rotated away", async (p) => {
    const { clientId, clientSecret } = p.simulator.application()
    const { refresh_token } = await p.adsTokens()
    p.simulator.act({ kind: "rotate-secret", clientId, overlapSeconds: 60 })
    p.simulator.advance(61_000)
    return p.refresh(refresh_token, { client_secret: clientSecret })
  }),
  play("LWA-TOK-05", "an unknown code", (p) => p.exchange(`${returnUrl}?code=ANnobody`)),
  play("LWA-TOK-06", "a code after five minutes", async (p) => {
    const callback = await p.consent()
    p.simulator.advance(300_001)
    return p.exchange(callback)
  }),
  play("LWA-TOK-07", "a code used twice", async (p) => {
    const callback = await p.consent()
    await p.exchange(callback)
    return p.exchange(callback)
  }),
  play("LWA-TOK-08", "a code of another client", async (p) => p.exchange(await p.consent(), other(p))),
  play("LWA-TOK-09", "another return address", async (p) =>
    p.exchange(await p.consent(), { redirect_uri: `${returnUrl}/` })
  ),
  play("LWA-TOK-10", "a wrong verifier", async (p) =>
    p.exchange(await p.consent("ada", { code_challenge: "c".repeat(43), code_challenge_method: "S256" }), {
      code_verifier: "v".repeat(43)
    })
  ),
  play("LWA-TOK-11", "a damaged refresh token", async (p) =>
    p.refresh((await p.adsTokens()).refresh_token.slice(0, -1))
  ),
  play("LWA-TOK-12", "a revoked consent", async (p) => {
    const { refresh_token } = await p.adsTokens()
    p.simulator.revoke("ada")
    return p.refresh(refresh_token)
  }),
  play("LWA-TOK-13", "a consent of last year", async (p) => {
    const { refresh_token } = await p.adsTokens()
    p.simulator.advance(365 * DAY_MS)
    return p.refresh(refresh_token)
  }),
  play("LWA-TOK-14", "a refresh token of another client", async (p) =>
    p.refresh((await p.adsTokens()).refresh_token, other(p))
  ),
  play("LWA-TOK-15", "an unknown scope", (p) => p.token({ grant_type: "client_credentials", scope: "everything" })),
  play("LWA-TOK-16", "a GET", (p) => p.send(`https://${Hosts.login.NA}/auth/o2/token`)),
  play("LWA-TOK-17", "a refresh token that was rotated away", async (p) => {
    p.simulator.act({ kind: "policy", policy: { rotation: "strict" } })
    const { refresh_token } = await p.adsTokens()
    await p.refresh(refresh_token)
    return p.refresh(refresh_token)
  }),
  play("LWA-PRO-01", "a profile without a token", (p) => p.send(`https://${Hosts.login.NA}/user/profile`)),
  play("LWA-404", "an unknown path", (p) => p.send(`https://${Hosts.login.NA}/nowhere`))
]

const pagePlays: ReadonlyArray<Play> = [
  play("LWA-AUT-01", "an unknown client", (p) => p.send(p.loginUrl({ client_id: "nobody" }))),
  play("LWA-AUT-02", "an address that is not registered", (p) =>
    p.send(p.loginUrl({ redirect_uri: "https://evil.example/callback" }))
  ),
  play("LWA-AUT-03", "a long state", (p) => p.send(p.loginUrl({ state: "s".repeat(2_049) }))),
  play("LWA-AUT-04", "another response type", (p) => p.send(p.loginUrl({ response_type: "token" }))),
  play("LWA-AUT-05", "an unknown scope", (p) => p.send(p.loginUrl({ scope: "advertising::everything" }))),
  play("LWA-AUT-07", "no scope", (p) => p.send(p.loginUrl({ scope: "-" }))),
  play("LWA-AUT-08", "an unknown challenge method", (p) =>
    p.send(p.loginUrl({ code_challenge: "c".repeat(43), code_challenge_method: "S512" }))
  ),
  play("LWA-AUT-09", "a person who cancels", async (p) => {
    const location = await p.simulator.consent({ as: "ada", url: p.loginUrl(), decision: "cancel" })
    return new Response(location, { status: 302 })
  }),
  play("CEN-MD5110", "a fragment in the address", (p) => p.send(p.consoleUrl({ redirect_uri: `${returnUrl}#here` }))),
  play("CEN-STATE", "no state", (p) => p.send(p.consoleUrl({ state: "-" }))),
  play("CEN-SPDC300", "an unknown application", (p) => p.send(p.consoleUrl({ application_id: "amzn1.sp.solution.x" }))),
  play("CEN-MD5101", "an address that is not registered", (p) =>
    p.send(p.consoleUrl({ redirect_uri: "https://evil.example/callback" }))
  ),
  play("CEN-MD1000", "a draft without its marker", (p) => {
    const [, draft] = Object.values(p.simulator.world().applications)
    return p.send(p.consoleUrl({ application_id: draft?.spApplicationId ?? "" }))
  }),
  play("PAGE-404", "an unknown page", (p) => p.send(`https://${Hosts.loginPage.NA}/nowhere`))
]

/** Somebody who may not consent walks the page; what they are shown. */
const walked = async (p: Player, as: string): Promise<Response> => {
  const outcome = await p.simulator.walk({ as, url: p.consoleUrl() })
  return outcome.kind === "refused"
    ? new Response(outcome.rule, { status: outcome.status })
    : new Response(outcome.kind, { status: 200 })
}

const personPlays: ReadonlyArray<Play> = [
  play("CEN-SPDC8143", "somebody who is not the primary user", (p) => walked(p, "bruno")),
  play("CEN-NONE", "somebody without an account", (p) => walked(p, "noor"))
]

/** The plays. */
export const plays: ReadonlyArray<Play> = [...tokenPlays, ...pagePlays, ...personPlays]
