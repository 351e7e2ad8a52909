/**
 * Where flows run, and the hand of the people in the simulated world: they consent, give permissions and take them
 * away.
 */
import { type Json, software, text, Unexpected } from "./Http.ts"

/** A server with its simulated providers. */
export interface Place {
  readonly origin: string
  readonly simulator: string
}

/** Gives a value and says what was seen, as a step wants it. */
export const seen = <A>(value: A, saw: string) => ({ value, saw })

/** Stops the flow unless something holds. */
export const must = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new Unexpected(otherwise)
}

/** An idempotency key of its own. */
export const fresh = (): { readonly [name: string]: string } => ({ "idempotency-key": crypto.randomUUID() })

/** Makes something happen in the simulated world; `what` is the last part of the control address. */
export const simulate = async ({ simulator }: Place, what: string, body: Json): Promise<Json> =>
  (await software(simulator, {})("POST", `/_sim/${what}`, 200, body)).json

/** The simulated world as it stands. */
export const world = async ({ simulator }: Place): Promise<Json> =>
  (await software(simulator, {})("GET", "/_sim/world", 200)).json

/** Where a consent page led: a callback address, or that the person stayed or was refused. */
export const walk = (place: Place, as: string, url: string, decision = "allow"): Promise<Json> =>
  simulate(place, "consent", { as, url, decision })

/** Walks a consent page as one of the simulated people, to its end; gives the callback address. */
export const consent = async (place: Place, as: string, url: string): Promise<string> => {
  const walked = await walk(place, as, url)
  if (walked.kind !== "callback")
    throw new Unexpected(`the consent led nowhere: ${JSON.stringify(walked).slice(0, 300)}`)
  return text(walked, "url")
}

/** Looks a few times a second until something is seen. */
export const until = async <A>(what: string, seconds: number, look: () => Promise<A | undefined>): Promise<A> => {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Unexpected(`${what}: not within ${seconds} seconds`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
