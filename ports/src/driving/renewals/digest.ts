/**
 * The part of a member's daily mail that lists the consents which end. It is composed when the mail is made, from what
 * is true then; the reminders that called for it only say that a mail is due.
 */
import { type Access, Channel, EmailMessage, Grant, type Member } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { Deps } from "../shared/deps.ts"
import { byLogin, daysUntil, type Ending, endings, type Login } from "./endings.ts"
import { words } from "./words.ts"

/** The most logins that one mail lists; the page shows them all. */
export const loginLimit = 30

/** The most accounts that one line names. */
const namesShown = 3

/** A member as a caller, so that their mail says no more than the pages would show them. */
const callerOf = ({ accessScope, name, organizationId, personId, role }: Member.Active): Access.Caller => ({
  organizationId,
  actor: { _tag: "Person", personId, name },
  role,
  accessScope
})

/** Whether a reminder is still true: a connection lives on its consent, which the provider does not refuse. */
export const isPending = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { organizationId }: Member.Active,
  { grantId }: Member.EndingConsent
): Effect.fn.Return<boolean, StoreError> {
  const connections = yield* repository.connectionsOfGrant(organizationId, grantId)
  return connections.some(({ state }) => state._tag !== "ReauthorizationNeeded" && state.link.expiresAt !== undefined)
})

const whenOf = ({ expiresAt, state }: Ending, now: DateTime.Utc): string => {
  if (state === "lost" || expiresAt === undefined) return words.lost
  return state === "ended" ? words.endedOn(expiresAt) : words.endsOn(expiresAt, daysUntil(expiresAt, now))
}

const lineOf = Effect.fnUntraced(function* ({ repository }: Deps<"repository">, { endings: all }: Login) {
  const [first] = all
  const ids = [...new Set(all.map(({ connection }) => connection.accountId))]
  const names: Array<string> = []
  for (const id of ids.slice(0, namesShown)) {
    const { organizationId } = first.connection
    const name = yield* repository.find("account", organizationId, id).pipe(
      Effect.map(({ state }) => [state.name]),
      Effect.catchTag("NotFound", () => Effect.succeed([]))
    )
    names.push(...name)
  }
  const shown = names.join(", ")
  const accounts = ids.length > namesShown ? words.andMore(shown, ids.length - namesShown) : shown
  const channel = Channel.label(first.connection.channel, yield* CurrentCatalogue)
  return words.login(accounts, channel, whenOf(first, yield* DateTime.now))
})

/** The consents that end, as the first part of a member's mail; nothing when none does any more. */
export const endingsFor = Effect.fnUntraced(function* (deps: Deps<"deployment" | "repository">, member: Member.Active) {
  const now = yield* DateTime.now
  const days = Grant.reminderDays[0] + 1
  const { items } = yield* endings(deps, callerOf(member), { expiresBefore: DateTime.add(now, { days }) })
  const logins = yield* byLogin(deps, items)
  if (logins.length === 0) return undefined
  const lines = yield* Effect.forEach(logins.slice(0, loginLimit), (login) => lineOf(deps, login))
  const next = items.find(({ state }) => state === "ends")?.expiresAt
  const paragraphs = [
    words.digest(items.length, days),
    ...lines,
    ...(logins.length > loginLimit ? [words.moreLogins(logins.length - loginLimit)] : [])
  ]
  return {
    subject: words.digestTitle(logins.length, next === undefined ? undefined : daysUntil(next, now)),
    parts: [
      ...paragraphs.map((text): EmailMessage.Part => ({ _tag: "Paragraph", text })),
      { _tag: "Action", label: words.seeAll, url: `${deps.deployment.origin}/renewals` } as const
    ]
  }
})
