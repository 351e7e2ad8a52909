/** Why an account is missing or limited: six checks, answered by the provider or by people (flow F4, step 3). */
import { route } from "../Route.ts"
import * as Diagnosis from "../wire/Diagnosis.ts"
import { ConnectionParams } from "./shared.ts"

const at = "/v1/connections/{connectionId}/diagnosis"
const tag = "Connections"

/** The routes. */
export const diagnoses = [
  route({
    method: "GET",
    path: at,
    operationId: "getDiagnosis",
    tag,
    summary: "Reads the diagnosis of a connection, from what is known now",
    description: "Asks no provider and changes nothing.",
    params: ConnectionParams,
    answer: Diagnosis.Answer,
    call: ({ diagnoses }, { caller, params }) => diagnoses.view(caller, params.connectionId),
    show: Diagnosis.of
  }),
  route({
    method: "POST",
    path: at,
    operationId: "observeDiagnosis",
    tag,
    summary: "Asks the provider now",
    description:
      "Improvements take effect at once: new profiles can be selected, and a restored permission lifts the limit. " +
      "While a consent lists no profile, or the connection is limited, this also happens by itself for 14 days.",
    params: ConnectionParams,
    answer: Diagnosis.Answer,
    problems: [
      "contradiction",
      "reauthorization-needed",
      "permission-missing",
      "channel-unavailable",
      "provider-refused",
      "application-rejected",
      "provider-unavailable",
      "changed-meanwhile"
    ],
    call: ({ diagnoses }, { caller, params }) => diagnoses.observe(caller, params.connectionId),
    show: Diagnosis.of
  }),
  route({
    method: "PUT",
    path: `${at}/answers`,
    operationId: "answerCheck",
    tag,
    summary: "Records a person's answer to a check that the provider cannot answer",
    description: "A later answer of the provider takes precedence.",
    params: ConnectionParams,
    body: Diagnosis.CheckAnswer,
    answer: Diagnosis.Answer,
    problems: ["contradiction", "changed-meanwhile"],
    call: ({ diagnoses }, { body, caller, params }) => diagnoses.answer(caller, params.connectionId, body),
    show: Diagnosis.of
  })
]
