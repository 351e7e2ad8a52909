/**
 * Signing in, shared by every page host. A cookie names the person; a browser that already holds one is not asked
 * again, which is how people end up connecting the wrong account.
 */
import type { Call } from "./Call.ts"
import { refuse } from "./Call.ts"
import * as Credentials from "./Credentials.ts"
import type { Choice, Presence } from "./Html.ts"
import * as Html from "./Html.ts"
import type { WireReply } from "./Wire.ts"
import * as Wire from "./Wire.ts"
import type { Person } from "./World.ts"

const cookieName = "portolan_simulator_person"

/** Who holds this browser's session, if anybody. */
export const signedIn = (call: Call): Person | undefined => {
  const cookies = (call.request.headers.cookie ?? "").slice(0, 8192)
  for (const part of cookies.split(";")) {
    const [name, value] = part.trim().split("=")
    if (name !== cookieName || value === undefined) continue
    const person = Wire.own(call.world.people, value.split(".")[0])
    if (person !== undefined && Credentials.session(call.world, person.id) === value) return person
  }
  return undefined
}

/** What a page shows of a person. */
export const choice = (person: Person): Choice => ({
  id: person.id,
  name: person.name,
  email: person.email,
  role: person.role
})

/** A local address of the same host, for forms and for coming back. */
export const local = (call: Call, path: string): string =>
  call.request.base === "" || call.request.base.includes("*")
    ? path
    : `${new URL(call.request.base).pathname.replace(/\/$/, "")}/${call.request.host}${path}`

/** Who is signed in, and the way to sign in as somebody else and come back to `path`, an address of the same host. */
export const presence = (call: Call, service: string, person: Person, path: string): Presence => ({
  service,
  person: choice(person),
  signOutAction: local(call, "/ap/signout"),
  returnTo: path
})

/** The sign-in page, which returns to the present address. */
export const signInPage = (call: Call, service: string): WireReply => {
  const returnTo = `${call.request.path}${call.request.query === "" ? "" : `?${call.request.query}`}`
  return Wire.page(
    200,
    Html.signIn(local(call, "/ap/signin"), returnTo, service, Object.values(call.world.people).map(choice))
  )
}

const back = (call: Call, form: URLSearchParams, cookie: string): WireReply => {
  const returnTo = form.get("return_to") ?? "/"
  // Only a path of this very host: anything else would make the sign-in page an open redirect.
  const path = /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(returnTo) ? returnTo : "/"
  return {
    status: 303,
    headers: { location: local(call, path), "set-cookie": cookie, "cache-control": "no-store" },
    body: ""
  }
}

/** Answers the sign-in and sign-out forms; undefined for any other path. */
export const handle = (call: Call): WireReply | undefined => {
  const { method, path, body } = call.request
  if (path !== "/ap/signin" && path !== "/ap/signout") return undefined
  call.note.operation = path === "/ap/signin" ? "signIn" : "signOut"
  if (method !== "POST" || body.length > 65_536) return refuse(call, "PAGE-404")
  const form = new URLSearchParams(body)
  if (path === "/ap/signout") return back(call, form, `${cookieName}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`)
  const person = Wire.own(call.world.people, form.get("person"))
  if (person === undefined) return refuse(call, "PAGE-404")
  return back(call, form, `${cookieName}=${Credentials.session(call.world, person.id)}; Path=/; HttpOnly; SameSite=Lax`)
}
