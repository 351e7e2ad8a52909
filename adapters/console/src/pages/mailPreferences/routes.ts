/** When a person gets mails: at once, once a day, or never where that is allowed. */
import { Member } from "@portolan/domain"
import { Effect, Option, Schema } from "effect"
import { words } from "../../messages/words.ts"
import type { Status } from "../../page/errors.ts"
import type * as Fields from "../../page/fields.ts"
import { asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { mailPreferencesPage } from "./view.ts"

const decode = Schema.decodeUnknownOption(Member.MailPreferencesInput)

const send = (visit: MemberVisit, state: Fields.FormState, status: Status = 200) =>
  sendMember(
    visit,
    mailPreferencesPage({ email: visit.me.email, isSaved: visit.c.req.query("done") === "saved", state, status })
  )

const showPreferences = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { timeZone = "UTC", ...timings } = yield* visit.context.members.mailPreferences(visit.me)
  return yield* send(visit, { values: { ...timings, timeZone }, errors: {} })
})

const savePreferences = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const values = Http.typed(yield* Http.readForm(c))
  const preferences = decode(values)
  if (Option.isNone(preferences)) {
    const wrong = Member.NewsKind.literals.filter(
      (kind) => !Member.timings[kind].some((timing) => timing === values[kind])
    )
    const errors = Object.fromEntries(wrong.map((kind) => [kind, words.mailPreferences.wrongChoice]))
    const zone = wrong.length === 0 ? { timeZone: words.mailPreferences.wrongTimeZone } : {}
    return yield* send(visit, { values, errors: { ...errors, ...zone } }, 422)
  }
  yield* context.members.changeMailPreferences(me, preferences.value)
  return c.redirect("/mail-preferences?done=saved", 303)
})

/** `/mail-preferences`. */
export const routes: Routes = [
  get("/mail-preferences", asMember(showPreferences)),
  post("/mail-preferences", asMember(savePreferences), "/mail-preferences")
]
