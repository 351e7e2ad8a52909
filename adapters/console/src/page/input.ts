/** What people type, judged field by field, in words that say how to put it right. */
import { Text } from "@portolan/domain"
import { Result, Schema } from "effect"
import { words } from "../messages/words.ts"

const decodeName = Schema.decodeUnknownResult(Text.NameInput)

/** What has a name that people type. */
export type Named = keyof typeof words.page.enterName

/** Reads a name. The error says what is wrong with it; `what` is what has the name. */
export const name = (text: string, what: Named): Result.Result<Text.Name, string> => {
  const decoded = decodeName(text)
  if (Result.isSuccess(decoded)) return Result.succeed(decoded.success)
  const trimmed = text.trim()
  if (trimmed === "") return Result.fail(words.page.enterName[what])
  return Result.fail(
    trimmed.length > 120 ? words.page.nameTooLong({ length: trimmed.length }) : words.page.nameInvisible
  )
}

/** Collects the errors of several fields; empty when all are good. */
export const errorsOf = (fields: {
  readonly [field: string]: Result.Result<unknown, string>
}): { readonly [field: string]: string } =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([field, result]) =>
      Result.isFailure(result) ? [[field, result.failure] as const] : []
    )
  )

const decodeEmail = Schema.decodeUnknownResult(Text.EmailInput)

/** Said of a form without an address. */
export const noEmail = words.page.noEmail

/** Reads an e-mail address. */
export const email = (text: string): Result.Result<Text.Email, string> => {
  const decoded = decodeEmail(text)
  if (Result.isSuccess(decoded)) return Result.succeed(decoded.success)
  return Result.fail(text.trim() === "" ? noEmail : words.page.notAnEmail)
}
