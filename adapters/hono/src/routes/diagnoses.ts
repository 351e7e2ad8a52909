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
    summary: "Reads the checklist of a connection, from what is known now",
    description: "Asks no provider and changes nothing (rules S-R5, C9).",
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
    summary: "Looks at the provider now",
    description:
      "What has healed is put to use at once: profiles that appeared can be chosen, a right that is back lifts the limit. " +
      "While a consent sees no profile, or the connection is limited, it is also looked at without asking, for 14 days.",
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
    summary: "Records a person's answer to a check that no provider tells",
    description: "Facts beat answers: what the provider tells later counts.",
    params: ConnectionParams,
    body: Diagnosis.Answered,
    answer: Diagnosis.Answer,
    problems: ["contradiction", "changed-meanwhile"],
    call: ({ diagnoses }, { body, caller, params }) => diagnoses.answer(caller, params.connectionId, body),
    show: Diagnosis.of
  })
]
