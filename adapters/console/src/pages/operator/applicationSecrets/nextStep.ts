/** What an operator does next with the secrets of an application: a sentence, and the command that does it. */
import { ApplicationWords } from "@portolan/domain"
import type { ApplicationSecrets } from "@portolan/ports"
import { DateTime } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import * as Format from "../../../page/format.ts"
import type { Content } from "../../../page/html.ts"
import type { Tone } from "../../../page/labels.ts"

const { applicationSecrets } = words

/** Days before its end at which a secret is to be changed; the notices by mail begin sooner. */
const dueDays = 30

/** What to do, and how urgent it is. */
export interface NextStep {
  readonly tone: Tone
  /** The state in two or three words. */
  readonly label: string
  readonly text: Content
  /** What is run on the server; absent where nothing is. */
  readonly command?: string
}

/** A name as a shell takes it: that of an application is one word of the settings; another one is quoted. */
const quoted = (name: string): string =>
  /^[A-Za-z0-9._:@/-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`

/** The commands for an application. */
const commandsOf = ({ name }: ApplicationSecrets.ApplicationView) => {
  const { insist, promote, retire, rotate, set } = applicationSecrets.commands
  const named = { name: quoted(name) }
  return {
    insist: insist(named),
    promote: promote(named),
    retire: retire(named),
    rotate: rotate(named),
    set: set(named)
  }
}

/** When the provider was asked for a new secret that has not come yet. */
const requestedOf = ({ current, rotationRequestedAt }: ApplicationSecrets.ApplicationView) =>
  rotationRequestedAt !== undefined && DateTime.isGreaterThan(rotationRequestedAt, current.addedAt)
    ? rotationRequestedAt
    : undefined

/** Makes a new secret: by asking the provider where it offers that, else by hand. */
const renewal = (view: ApplicationSecrets.ApplicationView): NextStep => {
  const { rotate, set } = commandsOf(view)
  const due = { tone: "wait", label: applicationSecrets.soon } as const
  return view.canRotate
    ? { ...due, text: applicationSecrets.askProvider, command: rotate }
    : { ...due, text: applicationSecrets.makeNew, command: set }
}

const ofPending = (view: ApplicationSecrets.ApplicationView, { tested }: ApplicationSecrets.SecretView): NextStep => {
  const { insist, promote, set } = commandsOf(view)
  const { needsYou, promoteUntried, setRight, waitsForYou } = applicationSecrets
  switch (tested?.outcome) {
    case "refused":
      return { tone: "act", label: needsYou, text: setRight, command: set }
    case "unclear":
      return { tone: "wait", label: waitsForYou, text: applicationSecrets.insist, command: insist }
    case "accepted":
      return { tone: "wait", label: waitsForYou, text: applicationSecrets.promote, command: promote }
    case undefined:
      return { tone: "wait", label: waitsForYou, text: promoteUntried, command: promote }
  }
}

const nothingToDo = ({ current, previous }: ApplicationSecrets.ApplicationView, now: DateTime.Utc): Content => {
  if (previous?.endsAt !== undefined) return applicationSecrets.overlap({ at: Components.when(previous.endsAt, now) })
  if (current.endsAt === undefined) return applicationSecrets.nothingToDo
  return applicationSecrets.nothingUntil({ day: Format.day(DateTime.subtract(current.endsAt, { days: dueDays })) })
}

/** The next step with an application: a new secret that waits comes first, then the end of the one that is used. */
export const nextStep = (view: ApplicationSecrets.ApplicationView, now: DateTime.Utc): NextStep => {
  const { daysLeft = Infinity } = view.current
  const { retire, rotate, set } = commandsOf(view)
  const isEnded = daysLeft < 0
  if (view.pending !== undefined) {
    const step = ofPending(view, view.pending)
    return isEnded ? { ...step, tone: "act" } : step
  }
  if (isEnded)
    return { tone: "act", label: applicationSecrets.ended, text: applicationSecrets.makeNewNow, command: set }
  const requestedAt = requestedOf(view)
  if (requestedAt !== undefined) {
    const text = applicationSecrets.rotationAsked({ at: Components.when(requestedAt, now) })
    return { tone: "wait", label: applicationSecrets.waitsForProvider, text, command: rotate }
  }
  if (daysLeft < dueDays) return renewal(view)
  const fine = { tone: "good", label: applicationSecrets.good, text: nothingToDo(view, now) } as const
  return view.previous?.endsAt === undefined ? fine : { ...fine, command: retire }
}

/** Whether the settings of this server hold another secret than the one that is used. */
export const settingsDiffer = ({ warnings }: ApplicationSecrets.ApplicationView): boolean =>
  warnings.includes(ApplicationWords.words.settingsDiffer)
