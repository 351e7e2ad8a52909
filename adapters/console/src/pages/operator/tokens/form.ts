/** What an operator typed to take in a refresh token, read field by field. */
import { given, Id, Profile } from "@portolan/domain"
import type { Connecting } from "@portolan/ports"
import { DateTime, Option, Redacted, Result, Schema } from "effect"
import { words } from "../../../messages/words.ts"
import * as Http from "../../../page/http.ts"
import * as Input from "../../../page/input.ts"

const { operatorTokens } = words

/** The most characters of a refresh token. */
const tokenLimit = 4096

const isConnection = Schema.is(Id.ConnectionId)

const connectionOf = (text: string) =>
  isConnection(text) ? Result.succeed(text) : Result.fail(operatorTokens.chooseConnection)

const tokenOf = (text: string) => {
  if (text === "") return Result.fail(operatorTokens.pasteToken)
  if (text.length > tokenLimit)
    return Result.fail(operatorTokens.tokenTooLong({ limit: tokenLimit.toLocaleString(words.page.locale) }))
  return /\s/u.test(text) ? Result.fail(operatorTokens.tokenHasSpaces) : Result.succeed(Redacted.make(text))
}

const grantorOf = (text: string) =>
  text === "" || Profile.isExternalId(text)
    ? Result.succeed(text === "" ? undefined : text)
    : Result.fail(operatorTokens.grantorUnreadable)

/** The end of a day; nothing for an empty text. */
const expiresOf = (text: string, now: DateTime.Utc) => {
  if (text === "") return Result.succeed(undefined)
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Option.getOrUndefined(DateTime.make(`${text}T23:59:59Z`)) : undefined
  return day !== undefined && DateTime.isGreaterThan(day, DateTime.add(now, { days: 1 }))
    ? Result.succeed(DateTime.toUtc(day))
    : Result.fail(operatorTokens.expiresUnreadable)
}

/** What was typed, without the token: it is never shown again. */
export const typedOf = (form: Http.Form): { readonly [field: string]: string } =>
  Object.fromEntries(["connection", "grantor", "expires"].map((name) => [name, Http.one(form, name).trim()]))

/** Reads the form. The errors say what is wrong, by field; none repeats what was typed. */
export const read = (
  form: Http.Form,
  now: DateTime.Utc
): Result.Result<Connecting.TakeInToken, { readonly [field: string]: string }> => {
  const text = (name: string) => Http.one(form, name).trim()
  const connection = connectionOf(text("connection"))
  const refreshToken = tokenOf(text("refreshToken"))
  const grantor = grantorOf(text("grantor"))
  const expires = expiresOf(text("expires"), now)
  if (
    Result.isSuccess(connection) &&
    Result.isSuccess(refreshToken) &&
    Result.isSuccess(grantor) &&
    Result.isSuccess(expires)
  ) {
    return Result.succeed({
      connectionId: connection.success,
      refreshToken: refreshToken.success,
      ...given({ grantor: grantor.success, expiresAt: expires.success })
    })
  }
  return Result.fail(Input.errorsOf({ connection, refreshToken, grantor, expires }))
}
