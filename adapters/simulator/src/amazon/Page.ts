/** Pages of lists, with tokens that are good for exactly one list. */
import type { Call } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"

/** A part of a list, and the token of the next; no token at the end. */
export type Page<A> = { readonly items: ReadonlyArray<A>; readonly next: string | undefined }

/** What a page is cut by: what the list is of, the token that was sent, and how many items a page holds. */
export type Cut = { readonly subject: string; readonly token: string | undefined; readonly size: number }

/** Cuts a page out of a list; undefined for a token that this list never gave. */
export const cut = <A>(call: Call, all: ReadonlyArray<A>, { size, subject, token }: Cut): Page<A> | undefined => {
  const seal = (at: number) => Credentials.sign(call.world, `page/${subject}/${at}`)
  const [at = "0", signature] = token === undefined ? ["0", seal(0)] : token.split(".")
  if (!/^\d{1,9}$/.test(at) || signature !== seal(Number(at))) return undefined
  const end = Number(at) + size
  return { items: all.slice(Number(at), end), next: end < all.length ? `${end}.${seal(end)}` : undefined }
}

/** Where a list goes on that is asked for by its token alone: what it was filtered by, and from which item. */
export type Turn<Filter> = { readonly filter: Filter; readonly from: number }

/** A token that holds a whole question. */
export const seal = (call: Call, subject: string, turn: Turn<unknown>): string => {
  const text = Buffer.from(JSON.stringify(turn)).toString("base64url")
  return `${text}.${Credentials.sign(call.world, `turn/${subject}/${text}`)}`
}

/** What `seal` put in; undefined for a token that it never gave for this subject. */
export const open = <Filter>(call: Call, subject: string, token: string): Turn<Filter> | undefined => {
  const [text = "", signature] = token.split(".")
  return signature === Credentials.sign(call.world, `turn/${subject}/${text}`)
    ? (JSON.parse(Buffer.from(text, "base64url").toString()) as Turn<Filter>)
    : undefined
}
