/**
 * People in a world in memory: they sign up by mail, found organizations, are invited and join, through the
 * use cases.
 */
import { Access, Id, type Member, type Text } from "@portolan/domain"
import { Callers, Mailer, Members, Organizations, SigningUp } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { settle } from "./world.ts"

export const password = Redacted.make("a long enough password")
export const email = (name: string) => `${name.toLowerCase()}@example.com` as Text.Email

/** Headers that carry the session of `Set-Cookie` values. */
export const carrying = (cookies: ReadonlyArray<string>): Headers =>
  new Headers({ cookie: cookies.map((cookie) => cookie.split(";")[0]).join("; ") })

/** The mails that were kept for an organization, or for people who belong to none, the youngest first. */
export const mails = (organizationId: Id.OrganizationId = Id.installation) =>
  Effect.flatMap(Mailer.Mailer, (mailer) =>
    Effect.map(mailer.kept(organizationId, { limit: 100 }), ({ items }) => items)
  )

/** The token that the youngest mail to an address carries behind a path. */
export const mailedToken = Effect.fnUntraced(function* (to: string, path: string, organizationId?: Id.OrganizationId) {
  const mail = (yield* mails(organizationId)).find((one) => one.to.email === to && one.emailMessage.text.includes(path))
  const token = new RegExp(`${path}([A-Za-z0-9_-]{20,})`).exec(mail?.emailMessage.text ?? "")?.[1]
  return token === undefined ? yield* Effect.die(`no mail to ${to} leads to ${path}`) : Redacted.make(token)
})

/** Signs somebody up, opens the mail and proves the address. */
export const signedUp = Effect.fnUntraced(function* (name: string) {
  const signingUp = yield* SigningUp.SigningUp
  yield* signingUp.signUp({ name, email: email(name), password }, new Headers())
  const { cookies, person } = yield* signingUp.verify(yield* mailedToken(email(name), "/verify/"), new Headers())
  return { person, headers: carrying(cookies) }
})

/** Somebody who is signed in. */
export type Somebody = Effect.Success<ReturnType<typeof signedUp>>

/** What somebody may do at this moment. */
export const callerOf = ({ headers }: Somebody) => Effect.flatMap(Callers.Callers, (callers) => callers.whoIs(headers))

/** Somebody with an organization of their own. */
export const founder = Effect.fnUntraced(function* (name: string, organization = `${name} Traders`) {
  const somebody = yield* signedUp(name)
  const organizations = yield* Organizations.Organizations
  const founded = yield* organizations.create(somebody.person, { name: organization })
  return { ...somebody, organization: founded, caller: yield* callerOf(somebody) }
})

/** Invites somebody and lets the mail go out. */
export const invited = Effect.fnUntraced(function* (
  by: Access.Caller,
  name: string,
  role: Access.GivenRole = "member",
  accessScope: Access.AccessScope = Access.everything
) {
  const members = yield* Members.Members
  const { member } = yield* members.invite(by, { email: email(name), role, accessScope })
  yield* settle
  return { member, token: yield* mailedToken(email(name), "/join/", by.organizationId) }
})

/** Somebody new who joins an organization. Needs a worker. */
export const joined = Effect.fnUntraced(function* (
  by: Access.Caller,
  name: string,
  role: Access.GivenRole = "member",
  accessScope: Access.AccessScope = Access.everything
) {
  const members = yield* Members.Members
  const { token } = yield* invited(by, name, role, accessScope)
  const somebody = yield* signedUp(name)
  const member: Member.Active = yield* members.accept(somebody.person, token)
  return { ...somebody, member, caller: yield* callerOf(somebody) }
})
