/** The operations of a document, Swagger 2.0 or OpenAPI 3. */
import type { Rate } from "../core/Quota.ts"
import type { Body, Content, ListStyle, Operation, Pair, Parameter, Place } from "./Described.ts"
import { entriesOf, isRecord, itemsOf, type Node, type Reader, textOf } from "./references.ts"

type Fields = Readonly<Record<string, Node>>

const methods = ["get", "put", "post", "delete", "options", "head", "patch"]
const places: ReadonlySet<string> = new Set(["query", "path", "header", "formData"])

const placeOf = (value: Node): Place | undefined =>
  typeof value === "string" && places.has(value) ? (value as Place) : undefined

const swaggerLists: ReadonlySet<string> = new Set(["csv", "ssv", "tsv", "pipes", "multi"])

const swaggerList = (fields: Fields): ListStyle => {
  const style = textOf(fields.collectionFormat)
  return swaggerLists.has(style) ? (style as ListStyle) : "csv"
}

/** https://spec.openapis.org/oas/v3.0.3#style-values: a query repeats its lists unless told otherwise. */
const openApiList = (fields: Fields): ListStyle => {
  const style = textOf(fields.style)
  if (style === "spaceDelimited") return "ssv"
  if (style === "pipeDelimited") return "pipes"
  const isForm = fields.in === "query" && (style === "form" || style === "")
  return isForm && fields.explode !== false ? "multi" : "csv"
}

const firstOf = (content: Node): Node => entriesOf(content)[0]?.[1]

const typeOf = (read: Reader, schema: Node): string => {
  const followed = read.follow(schema)
  if (!isRecord(followed)) return ""
  const own = [followed.type].flat().find((one) => one !== "null")
  if (typeof own === "string") return own
  return (
    [...itemsOf(followed.allOf), ...itemsOf(followed.anyOf), ...itemsOf(followed.oneOf)]
      .map((part) => typeOf(read, part))
      .find((one) => one !== "") ?? ""
  )
}

const parameterOf = (read: Reader, node: Node): ReadonlyArray<Parameter> => {
  const fields = read.follow(node)
  if (!isRecord(fields)) return []
  const place = placeOf(fields.in)
  const name = textOf(fields.name)
  if (place === undefined || name === "") return []
  const content = firstOf(fields.content)
  const isOpenApi = fields.schema !== undefined || content !== undefined
  const schema = isOpenApi ? (fields.schema ?? (isRecord(content) ? content.schema : undefined)) : fields
  const type = typeOf(read, schema)
  const followed = read.follow(schema)
  const items = type === "array" && isRecord(followed) ? followed.items : undefined
  return [
    {
      name,
      in: place,
      required: fields.required === true || place === "path",
      schema: read.schema(schema),
      type: type === "array" ? typeOf(read, items) : type,
      list: type === "array" ? (isOpenApi ? openApiList : swaggerList)(fields) : null,
      ...(fields["x-amazon-spds-greedy-path-parameter"] === true ? { greedy: true as const } : {})
    }
  ]
}

/** Parameters of a path and of its operation; the operation's own go before (https://swagger.io/specification/v2/). */
const parametersOf = (read: Reader, item: Fields, operation: Fields): ReadonlyArray<Parameter> => {
  const own = itemsOf(operation.parameters).flatMap((one) => parameterOf(read, one))
  const shared = itemsOf(item.parameters).flatMap((one) => parameterOf(read, one))
  const isOwn = (one: Parameter) => own.some((other) => other.name === one.name && other.in === one.in)
  return [...own, ...shared.filter((one) => !isOwn(one))]
}

const contentOf = (read: Reader, content: Node): Content =>
  entriesOf(content).map(([type, media]) => ({
    type: type.toLowerCase(),
    schema: isRecord(media) && media.schema !== undefined ? read.schema(media.schema) : null
  }))

const bodyOf = (read: Reader, item: Fields, operation: Fields): Body | null => {
  const body = read.follow(operation.requestBody)
  if (isRecord(body)) return { name: "", required: body.required === true, content: contentOf(read, body.content) }
  const fields = [...itemsOf(operation.parameters), ...itemsOf(item.parameters)]
    .map(read.follow)
    .find((one) => isRecord(one) && one.in === "body")
  return isRecord(fields)
    ? {
        name: textOf(fields.name),
        required: fields.required === true,
        content: [{ type: "", schema: read.schema(fields.schema) }]
      }
    : null
}

const answerOf = (read: Reader, response: Fields): Content =>
  response.content === undefined
    ? [{ type: "", schema: response.schema === undefined ? null : read.schema(response.schema) }]
    : contentOf(read, response.content)

/** The number of a status; of a class the first, and for `default` what its body looks like. */
const statusOf = (text: string, response: Node): number => {
  const number = Number(text.replaceAll(/x/gi, "0"))
  if (Number.isInteger(number) && number >= 100 && number <= 599) return number
  return isRecord(response) && response.errors !== undefined ? 400 : 200
}

const valuesOf = (parameters: Node): Pair["parameters"] =>
  Object.fromEntries(
    entriesOf(parameters).map(([name, cell]) => [name, isRecord(cell) && "value" in cell ? { value: cell.value } : {}])
  )

const pairOf = (status: string, node: Node): ReadonlyArray<Pair> => {
  if (!isRecord(node)) return []
  const { request, response } = node
  const parameters = valuesOf(isRecord(request) ? request.parameters : undefined)
  const own = textOf(node.status) || textOf(node.statusCode) || status
  return [{ status: statusOf(own, response), parameters, ...(response === undefined ? {} : { response }) }]
}

const pairsIn = (read: Reader, responses: Node, from: (response: Fields) => Node): ReadonlyArray<Pair> =>
  entriesOf(responses).flatMap(([status, node]) => {
    const response = read.follow(node)
    return isRecord(response) ? [from(response)].flat().flatMap((one) => pairOf(status, one)) : []
  })

const staticOf = (node: Fields): Node => {
  const sandbox = node["x-amzn-api-sandbox"]
  return isRecord(sandbox) ? (sandbox.static ?? []) : []
}

/** The usage plan that Amazon writes as a table into the description of an operation. */
const rateOf = (description: string): Rate | null => {
  const [, rate, burst] =
    /\|\s*-+\s*\|\s*-+\s*\|\s*\n\s*\|(?:\s*Default\s*\|)?\s*([\d.]+)\s*\|\s*([\d.]+)\s*\|/.exec(description) ?? []
  const perSecond = Number(rate)
  return perSecond > 0 ? { perSecond, burst: Math.max(1, Number(burst)) } : null
}

/** An object whose parts are made when they are first read: of hundreds of operations a client calls a few. */
const lazily = <A extends object>(parts: { readonly [K in keyof A]: () => A[K] }): A => {
  const made = {}
  for (const [name, make] of Object.entries<() => unknown>(parts)) {
    Object.defineProperty(made, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = make()
        Object.defineProperty(made, name, { value, enumerable: true })
        return value
      }
    })
  }
  return made as A
}

const operationOf = (read: Reader, path: string, method: string, item: Fields): ReadonlyArray<Operation> => {
  const operation = item[method]
  if (!isRecord(operation)) return []
  const atOperation = () => [staticOf(operation), staticOf(item)].flat().flatMap((one) => pairOf("200", one))
  return [
    lazily<Operation>({
      name: () => textOf(operation.operationId) || `${method.toUpperCase()} ${path}`,
      method: () => method.toUpperCase(),
      path: () => path,
      parameters: () => parametersOf(read, item, operation),
      body: () => bodyOf(read, item, operation),
      responses: () =>
        Object.fromEntries(
          entriesOf(operation.responses).flatMap(([status, node]) => {
            const response = read.follow(node)
            return isRecord(response) ? [[status, answerOf(read, response)]] : []
          })
        ),
      pairs: () => [...pairsIn(read, operation.responses, staticOf), ...atOperation()],
      olderPairs: () =>
        pairsIn(read, operation.responses, (response) => response["x-amazon-spds-sandbox-behaviors"] ?? []),
      rate: () => rateOf(textOf(operation.description))
    })
  ]
}

/** Every operation of a document whose paths lie below `base`. */
export const operationsOf = (read: Reader, document: Fields, base: string): ReadonlyArray<Operation> =>
  entriesOf(document.paths).flatMap(([path, node]) => {
    const item = read.follow(node)
    const whole = `${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`
    return isRecord(item) ? methods.flatMap((method) => operationOf(read, whole, method, item)) : []
  })
