/** A line of a history, and how each tone is made. */
import { given } from "@portolan/domain"
import * as Labels from "../../page/labels.ts"

/** One line of a history. */
export interface Line {
  readonly title: string
  readonly detail?: string
  readonly tone: Labels.Tone
  /**
   * A small step that goes well, one of hundreds (one window of a first load requested or loaded). Pages that tell the
   * story leave it out, because progress bars tell it better; the audit log, which is complete, shows it.
   */
  readonly isStep?: boolean
}

const lineIn = (tone: Labels.Tone, title: string, detail: string | undefined): Line =>
  given({ title, tone, detail: detail === "" ? undefined : detail })

/** Something that went well. */
export const good = (title: string, detail?: string): Line => lineIn("good", title, detail)
/** Something that waits for somebody. */
export const wait = (title: string, detail?: string): Line => lineIn("wait", title, detail)
/** Something that somebody has to act on. */
export const act = (title: string, detail?: string): Line => lineIn("act", title, detail)
/** Something that ended or rests. */
export const idle = (title: string, detail?: string): Line => lineIn("idle", title, detail)
/** Something to know. */
export const info = (title: string, detail?: string): Line => lineIn("info", title, detail)
/** A small step that goes well. */
export const step = (title: string, detail?: string): Line => ({ ...lineIn("idle", title, detail), isStep: true })
