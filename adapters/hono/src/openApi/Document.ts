/** The parts of an OpenAPI 3.1 document that this package writes. */
import type { Schema } from "effect"
import type { PrincipalKind } from "../Guard.ts"

/** A JSON object. */
export type Node = { readonly [key: string]: Schema.Json }

/** The parts of an operation that the reference page shows. */
export interface Operation {
  readonly operationId: string
  readonly tags: ReadonlyArray<string>
  readonly summary: string
  readonly description?: string
  /** Absent where the document's own holds: an API key or a session. Empty for what is open to everybody. */
  readonly security?: ReadonlyArray<Node>
  /** The kind of caller that it is for. */
  readonly "x-audience"?: PrincipalKind
  readonly parameters: ReadonlyArray<{
    readonly name: string
    readonly in: "path" | "query" | "header"
    readonly required: boolean
    readonly description?: string
    readonly schema: Node
  }>
  readonly requestBody?: {
    readonly required: boolean
    readonly content: { readonly [type: string]: { readonly schema: Node } }
  }
  readonly responses: {
    readonly [status: string]: {
      readonly description: string
      readonly headers?: Node
      readonly content?: { readonly [type: string]: { readonly schema: Node } }
    }
  }
}

/** An OpenAPI 3.1 document. */
export interface Document {
  readonly openapi: "3.1.0"
  readonly info: {
    readonly title: string
    readonly version: string
    readonly description: string
    readonly license: Node
  }
  readonly servers: ReadonlyArray<{ readonly url: string }>
  readonly tags: ReadonlyArray<{ readonly name: string }>
  readonly security: ReadonlyArray<Node>
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } }
  readonly components: { readonly securitySchemes: Node; readonly schemas: { readonly [name: string]: Node } }
}
