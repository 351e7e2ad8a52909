/**
 * Keeps mails instead of sending them, for an installation without a mail server: a page shows them. Links in them are
 * live: everybody who may read them can follow them.
 */
import { EmailMessage, given, type Id, Text } from "@portolan/domain"
import { Cursor, Mailer } from "@portolan/ports"
import { DateTime, Effect, Exit, Layer, Redacted, Schema, Result } from "effect"
import { sql } from "kysely"
import { Undecodable } from "./codec.ts"
import type { Options } from "./RepositoryPostgres.ts"
import { paged, readPage } from "./paged.ts"
import { Store, transact } from "./Store.ts"

const Correspondent = Schema.Struct({ name: Schema.String, email: Text.Email })
const Kept = Schema.Struct({
  to: Correspondent,
  replyTo: Schema.optionalKey(Correspondent),
  emailMessage: EmailMessage.EmailMessage
})
const decode = Schema.decodeUnknownExit(Schema.toCodecJson(Kept))

interface Row {
  readonly id: string
  /** The driver gives a bigint as text. */
  readonly at: string | number
  readonly mail: unknown
}

const reader =
  (organizationId: Id.OrganizationId) =>
  (row: Row): Result.Result<Mailer.KeptMail> => {
    const exit = decode(row.mail)
    if (Exit.isFailure(exit)) throw new Undecodable("mail", row.id)
    return Result.succeed({ ...exit.value, id: row.id, organizationId, keptAt: DateTime.makeUnsafe(Number(row.at)) })
  }

/** Keeps mails in `Store`, the youngest 1,000 of each organization. */
export const layer = ({ cursorSecret }: Options): Layer.Layer<Mailer.Mailer, never, Store> =>
  Layer.effect(
    Mailer.Mailer,
    Effect.gen(function* () {
      const store = yield* Store
      const key = yield* Cursor.key(Redacted.value(cursorSecret))
      return Mailer.Mailer.of({
        sends: false,

        send: Effect.fn("Mailer.send")(function* ({ id, emailMessage, organizationId, replyTo, to }) {
          const at = DateTime.toEpochMillis(yield* DateTime.now)
          const mail = JSON.stringify({ to, emailMessage, ...given({ replyTo }) })
          yield* transact(store, { doing: "keeping a mail", scope: { organizationId } }, async (trx) => {
            const { numAffectedRows } = await sql`insert into portolan.kept_mails (organization_id, id, at, mail)
            values (${organizationId}, ${id}, ${at}, ${mail}::json)
            on conflict (organization_id, id) do nothing`.execute(trx)
            if (numAffectedRows === 0n) return
            await sql`delete from portolan.kept_mails where organization_id = ${organizationId} and (at, id) < (
            select at, id from portolan.kept_mails where organization_id = ${organizationId}
            order by at desc, id desc offset ${Mailer.keptLimit - 1} limit 1)`.execute(trx)
          }).pipe(
            Effect.mapError(({ doing }) => new Mailer.MailerUnavailable({ reason: `the store failed while ${doing}` }))
          )
        }),

        kept: Effect.fn("Mailer.kept")(function* (organizationId, page) {
          return yield* paged(
            { key, name: [organizationId, "mails"], page },
            (window) => {
              const { after } = window
              return readPage<Row>(
                store,
                { doing: "reading kept mails", scope: { organizationId } },
                {
                  columns: sql`id, at, mail`,
                  table: sql.table("portolan.kept_mails"),
                  where: sql`organization_id = ${organizationId}`,
                  after: after === undefined ? sql`true` : sql`(at, id) < (${after[0]}, ${after[1]})`,
                  order: sql`at desc, id desc`
                },
                window
              )
            },
            { place: (row) => [Number(row.at), row.id], read: reader(organizationId) }
          )
        })
      })
    })
  )
