/**
 * The secrets of applications, for the people who run the installation: what there is, and the notices that a provider
 * sends about them, e.g. from a program that reads its queue.
 */
import { operatorRoute } from "../Route.ts"
import * as ApplicationSecret from "../wire/ApplicationSecret.ts"

const at = "/v1/operator/application-secrets"
const tag = "Operators"

/** The routes. */
export const applicationSecrets = [
  operatorRoute({
    method: "GET",
    path: at,
    operationId: "listApplicationSecrets",
    tag,
    summary: "Lists the applications of this installation with dates and tests of their secrets",
    description: "It shows no secret. A secret is set with the command of the server, never over HTTP by a person.",
    answer: ApplicationSecret.Answers,
    call: ({ applicationSecrets }) => applicationSecrets.status(),
    show: (all) => ({ items: all.map(ApplicationSecret.of) })
  }),
  operatorRoute({
    method: "POST",
    path: `${at}/notices`,
    operationId: "receiveApplicationNotice",
    tag,
    summary: "Takes a provider's notice about the secret of an application",
    description:
      "A new secret is stored sealed, tried, and used when the provider accepts it; an end is put on record. The " +
      "same notice may be sent many times.",
    body: ApplicationSecret.Message,
    answer: ApplicationSecret.Answer,
    problems: ["contradiction", "not-possible-now"],
    call: ({ applicationSecrets }, { body }) => applicationSecrets.receive(body),
    show: ApplicationSecret.of
  })
]
