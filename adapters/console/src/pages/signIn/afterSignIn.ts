/** Where a person goes after they signed in: where they wanted to, or back to a form with what they typed. */
import { Effect, Option } from "effect"
import { formAfterSignIn } from "../../page/formAgain.ts"
import { open, type TypedText } from "../../page/typedText.ts"
import type { Visit } from "../../page/visit.ts"

/** A session that has just begun. */
interface Begun {
  /** The `Set-Cookie` values of the session. */
  readonly cookies: ReadonlyArray<string>
  /** Where the person wanted to go. */
  readonly target: string
  /** A form that they sent without a session, sealed; empty without one. */
  readonly typed: string
}

/** What the browser would send next: its cookies, and those of the new session. */
const cookieAfter = ({ c }: Visit, cookies: ReadonlyArray<string>): string => {
  const before = (c.req.header("cookie") ?? "").split("; ").filter((one) => one !== "")
  const pairs = [...before, ...cookies.map((one) => one.split(";")[0] ?? "")].map((one) => {
    const at = one.indexOf("=")
    return [one.slice(0, at), one] as const
  })
  return [...new Map(pairs).values()].join("; ")
}

/**
 * Whether the new session may have a form that somebody sent: it is the same person, and works in the organization that
 * the form was shown in. A person with several is brought back to that one.
 */
const isTheirs = Effect.fnUntraced(function* ({ context }: Visit, { who }: TypedText, cookie: string) {
  if (who === undefined) return true
  const headers = new Headers({ cookie })
  const person = yield* context.callers.person(headers)
  if (person.personId !== who.personId) return false
  const mine = yield* context.organizations.mine(person)
  if (!mine.some(({ organization }) => organization.id === who.organizationId)) return false
  if (person.organizationId !== who.organizationId) yield* context.identity.choose(headers, who.organizationId)
  return true
})

/** The answer to a sign-in. */
export const afterSignIn = Effect.fnUntraced(function* (visit: Visit, { cookies, target, typed }: Begun) {
  const { c, context } = visit
  const opened = typed === "" ? Option.none<TypedText>() : yield* open(context, typed)
  if (Option.isNone(opened)) return c.redirect(target, 303)
  const cookie = cookieAfter(visit, cookies)
  if (!(yield* isTheirs(visit, opened.value, cookie))) return c.redirect("/companies", 303)
  const form = { ...opened.value, fields: new Map(opened.value.fields) }
  const again = yield* formAfterSignIn(visit, form, cookie)
  return Option.getOrElse(again, () => c.redirect(target, 303))
})
