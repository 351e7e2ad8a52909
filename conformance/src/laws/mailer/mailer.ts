import { degenerates, mutants } from "../../mutants/mailer/mutants.ts"
import type { Port } from "../../Port.ts"
import { modelSubject } from "../../reference/mailer/modelSubject.ts"
import { mail01, mail02, mail03, mail04 } from "./keeping.ts"
import type { MailerInstance } from "./MailerInstance.ts"
import { mail06, mail07, mail08 } from "./sending.ts"

/** The laws of what sends mail, or keeps it. */
export const mailer: Port<MailerInstance> = {
  name: "mailer",
  laws: [mail01, mail02, mail03, mail04, mail06, mail07, mail08],
  reference: modelSubject("model mailer"),
  mutants,
  degenerates,
  refusals: {}
}
