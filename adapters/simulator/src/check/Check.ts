/** What is checked: that a rule refuses as its row says, or that a promise beside the rows is kept. */
import * as Rule from "../core/Rule.ts"
import type { Player } from "./Player.ts"

/** A refusal that is played. */
export type Play = {
  /** The row of `refusals/*.tsv`. */
  readonly rule: string
  readonly about: string
  readonly play: (player: Player) => Promise<Response>
}

/** Something that holds beside the refusals; what is wrong, or nothing. */
export type Promised = {
  readonly id: string
  readonly about: string
  readonly wrong: (player: Player) => Promise<string | undefined>
}

/** A refusal that is played. */
export const play = (rule: string, about: string, run: Play["play"]): Play => ({ rule, about, play: run })

/** The credentials of the second application. */
export const other = (player: Player): { readonly client_id: string; readonly client_secret: string } => {
  const [, second] = Object.values(player.simulator.world().applications)
  return { client_id: second?.clientId ?? "", client_secret: second?.clientSecret ?? "" }
}

/** What an answer says: its status, and all its words. */
const wordsOf = async (answer: Response): Promise<string> =>
  `${answer.headers.get("location") ?? ""} ${await answer.text()}`

/** What is wrong with a refusal: another status than its row's, or none of its words. */
export const judge = async ({ play, rule }: Play, player: Player): Promise<string | undefined> => {
  const { code, status } = Rule.get(rule)
  const answer = await play(player)
  if (answer.status !== status) return `the answer is ${answer.status}, not ${status}`
  const words = await wordsOf(answer)
  // Sponsored Products writes a code of its own for a malformed request; pages show the row's id.
  const isSaid = words.includes(code) || words.includes(rule) || words.includes("INVALID_ARGUMENT")
  return isSaid ? undefined : `the answer does not say ${code}`
}
