/**
 * Refusals of what stands in front of Amazon's APIs: gateways and firewalls of Amazon Web Services, which know no
 * account and no consent. They refuse everybody alike when an address or a header is wrong, a token of their own is
 * old, or they are in trouble.
 */
import { type Answer, ErrorBody } from "@portolan/wire"

/**
 * Types of errors that gateways write
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).
 */
const types = [
  "missingauthenticationtoken",
  "incompletesignature",
  "invalidsignature",
  "signaturedoesnotmatch",
  "unrecognizedclient",
  "invalidclienttokenid",
  "expiredtoken",
  "invalidapikey",
  "forbiddenexception"
]

/** Their sentences. */
const sentences = [
  "missing authentication token",
  "invalid key=value pair",
  "security token included in the request",
  "signature we calculated",
  "credential should be scoped",
  "not authorized to perform",
  "explicit deny",
  "request blocked"
]

/**
 * Whether a refusal is of a gateway: by its type or sentence, or because it has nothing but a `message`, while errors
 * of the APIs have a code or details.
 */
export const isGateway = (answer: Answer.Answer): boolean => {
  const { code = "", details = "", message = "" } = ErrorBody.read(answer) ?? {}
  const said = `${message} ${details}`.toLowerCase()
  const isBare = code === "" && details === ""
  const type = code.replace(/^.*#/, "").toLowerCase()
  return (
    isBare ||
    types.some((beginning) => type.startsWith(beginning)) ||
    sentences.some((sentence) => said.includes(sentence))
  )
}
