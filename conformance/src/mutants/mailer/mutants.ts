/** Mailers that are wrong on purpose: MAIL-01 to 08. */
import { Mailer } from "@portolan/ports"
import { Effect } from "effect"
import type { MailerInstance } from "../../laws/mailer/MailerInstance.ts"
import { byLaw, type Mutant } from "../../Mutant.ts"
import type { Degenerate } from "../../Port.ts"
import { modelSubject, sendingSubject } from "../../reference/mailer/modelSubject.ts"
import * as keeping from "./keeping.ts"
import * as sending from "./sending.ts"

/** All mutants of the mailers, by the id of their law and their own. */
export const mutants: ReadonlyArray<Mutant<MailerInstance>> = [...keeping.mutants, ...sending.mutants].toSorted(byLaw)

const gone = () => Effect.fail(new Mailer.MailerUnavailable({ reason: "always" }))

/** Mailers that no one could call correct. */
export const degenerates: ReadonlyArray<Degenerate<MailerInstance>> = [
  {
    subject: modelSubject("idle mailer", () => ({
      sends: false,
      send: () => Effect.void,
      kept: () => Effect.succeed({ items: [] })
    })),
    passes: {}
  },
  { subject: modelSubject("failing mailer", (mailer) => ({ ...mailer, send: gone })), passes: {} },
  {
    subject: sendingSubject("idle mailer that sends", () => ({
      sends: true,
      send: () => Effect.void,
      kept: () => Effect.succeed({ items: [] })
    })),
    passes: { "MAIL-01/alone": "It keeps nothing, as it says." }
  }
]
