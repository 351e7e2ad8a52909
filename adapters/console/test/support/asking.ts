/**
 * What tests of pages do again and again: a world of their own, reading an answer, and the way to the provider and
 * back.
 */
import type { Profile } from "@portolan/domain"
import * as World from "./World.ts"

/** A world of its own, for tests that change much. */
export const fresh = async <A>(use: (own: World.World) => Promise<A>, options: World.Options = {}): Promise<A> => {
  const own = await World.make(options)
  try {
    return await use(own)
  } finally {
    await own.close()
  }
}

/** Where an answer leads, or an empty text. */
export const location = (response: Response): string => response.headers.get("location") ?? ""

/**
 * The cookie that ties an authorization to its browser, as the next request sends it; an empty text when there is none.
 */
export const browserCookie = (response: Response): string =>
  response.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith("portolan_browser="))
    ?.split(";")[0] ?? ""

/** An advertising profile in the United States. */
export const usAds = (name = "Nordwind US", externalId = "1000000000000000001"): Profile.Candidate =>
  World.profile("amazon-ads", "US", externalId, { name })

/** Starts at the console, and comes back to it with a query. */
export const roundTrip = async (
  own: World.World,
  start: string,
  asking: World.Asking,
  query: { readonly [name: string]: string },
  back: World.Asking = asking,
  channel = "amazon-ads"
): Promise<Response> => {
  const authorizationRedirect = await own.ask(start, { ...asking, form: {} })
  const state = new URL(location(authorizationRedirect)).searchParams.get("state") ?? ""
  const { form: _form, ...rest } = back
  return own.ask(`/callback/${channel}?${new URLSearchParams({ state, ...query })}`, {
    cookie: browserCookie(authorizationRedirect),
    ...rest
  })
}
