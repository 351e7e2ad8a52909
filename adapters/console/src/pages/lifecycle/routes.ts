/**
 * Pausing, ending, removing and deleting: five different things (rules P-R17 to P-R19, C14). Each has a page of its own
 * that lists what ends, what stays and how to come back, before anything happens.
 */
import { Access, type Account, Connection, Id } from "@portolan/domain"
import { Effect } from "effect"
import { words } from "../../messages/words.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import { asCaller, asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Layout from "../../page/layout.ts"
import { sendMember } from "../../page/send.ts"
import { type CallerVisit, memberVisit, type MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { type AccountCommand, type ConnectionCommand, fits } from "./commands.ts"
import { accountConfirmationPage, connectionConfirmationPage, removedAccountsPage } from "./view.ts"

const sendConnectionConfirmation = Effect.fnUntraced(function* (visit: MemberVisit, command: ConnectionCommand) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.ConnectionId)
  const read = [context.connections.view(me, id), context.connections.effects(me, id, command)] as const
  const [{ account, company, connection }, effects] = yield* Effect.all(read, together)
  if (!fits(command, connection)) return c.redirect(`/connections/${id}`, 303)
  return yield* sendMember(visit, connectionConfirmationPage({ account, command, company, connection, effects, id }))
})

/** The account's connections that are bound to a profile: they stand in the way of removing and deleting. */
const liveOf = Effect.fnUntraced(function* (context: PageContext, me: Layout.Me, account: Account.Present) {
  const { items } = yield* context.connections.list(me, { accountId: account.id }, { limit: 100 })
  return items.filter(({ connection }) => Connection.isLinked(connection))
})

const sendAccountConfirmation = Effect.fnUntraced(function* (
  visit: MemberVisit,
  command: AccountCommand,
  wrong?: string,
  status: Status = 200
) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.AccountId)
  const read = [context.accounts.view(me, id), context.accounts.effects(me, id, command)] as const
  const [account, effects] = yield* Effect.all(read, together)
  const company = yield* context.companies.view(me, account.companyId)
  const isPointless = {
    remove: account._tag === "Removed",
    restore: account._tag === "Open",
    "delete-data": account.deletion !== undefined,
    "keep-data": account.deletion === undefined
  }[command]
  if (isPointless) return c.redirect(`/accounts/${id}`, 303)
  const live = command === "remove" || command === "delete-data" ? yield* liveOf(context, me, account) : []
  return yield* sendMember(
    visit,
    accountConfirmationPage({ account, command, company, effects, id, live, status, wrong })
  )
})

const showRemoved = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const cursor = Http.cursorOf(c)
  const page = yield* context.accounts.list(me, { states: ["Removed"] }, Http.pageOf(25, cursor))
  return yield* sendMember(visit, removedAccountsPage({ cursor, me, now, page }))
})

const connectionCommands = ["pause", "resume", "disconnect"] as const

const accountCommands = ["remove", "restore", "delete-data", "keep-data"] as const

const runConnectionCommand = (command: ConnectionCommand) =>
  Effect.fnUntraced(function* ({ c, context, me }: CallerVisit) {
    const { connection } = yield* context.connections[command](me, yield* Http.idParam(c, Id.ConnectionId))
    return c.redirect(`/connections/${connection.id}?done=${command === "disconnect" ? "disconnected" : command}`, 303)
  })

const runAccountCommand = Effect.fnUntraced(function* (visit: CallerVisit, command: AccountCommand) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.AccountId)
  const commands = {
    remove: context.accounts.remove,
    restore: context.accounts.restore,
    "delete-data": context.accounts.deleteData,
    "keep-data": context.accounts.keepData
  }
  yield* commands[command](me, id)
  return c.redirect(`/accounts/${id}?done=${command}`, 303)
})

/** Erasing waits for a tick. */
const deleteData = Effect.fnUntraced(function* (visit: CallerVisit) {
  yield* Effect.fromResult(Access.check(visit.me, "administer"))
  const form = yield* Http.readForm(visit.c)
  if (Http.one(form, "confirmed") === "yes") return yield* runAccountCommand(visit, "delete-data")
  const wrong = words.lifecycle.tickFirst
  return yield* sendAccountConfirmation(yield* memberVisit(visit), "delete-data", wrong, 422)
})

/** A page before each command, the command, and the removed accounts. */
export const routes: Routes = [
  get("/accounts/removed", asMember(showRemoved)),
  ...connectionCommands.flatMap((command) => [
    get(
      `/connections/:id/${command}`,
      asMember((visit) => sendConnectionConfirmation(visit, command))
    ),
    post(`/connections/:id/${command}`, asCaller(runConnectionCommand(command)))
  ]),
  ...accountCommands.flatMap((command) => [
    get(
      `/accounts/:id/${command}`,
      asMember((visit) => sendAccountConfirmation(visit, command))
    ),
    post(
      `/accounts/:id/${command}`,
      asCaller(command === "delete-data" ? deleteData : (visit) => runAccountCommand(visit, command))
    )
  ])
]
