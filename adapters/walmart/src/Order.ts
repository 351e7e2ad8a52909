/** An order of the Marketplace API, in the shape of Walmart's US schema (highsidelabs/walmart-api-php). */
import { Schema, SchemaGetter } from "effect"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))
const json = Schema.optionalKey(Schema.Json)

/**
 * A list, also where Walmart writes its only entry without one, as answers do that were made out of XML.
 */
const list = <S extends Schema.Codec<unknown, unknown>>(item: S) =>
  Schema.Union([Schema.Array(item), item]).pipe(
    Schema.decodeTo(Schema.Array(Schema.toType(item)), {
      decode: SchemaGetter.transform((value: S["Type"] | ReadonlyArray<S["Type"]>) =>
        Array.isArray(value) ? (value as ReadonlyArray<S["Type"]>) : [value as S["Type"]]
      ),
      encode: SchemaGetter.passthrough({ strict: false })
    })
  )

const Status = Schema.Struct({ status: text, statusQuantity: json, cancellationReason: text })

const Line = Schema.Struct({
  lineNumber: text,
  item: Schema.optionalKey(Schema.NullOr(Schema.Struct({ productName: text, sku: text }))),
  charges: json,
  orderLineQuantity: json,
  statusDate: text,
  orderLineStatuses: Schema.optionalKey(
    Schema.NullOr(Schema.Struct({ orderLineStatus: Schema.optionalKey(Schema.NullOr(list(Status))) }))
  )
})

/**
 * What is taken of an order. Names, addresses, phone numbers and e-mail addresses of customers are left where they
 * are: nothing here is for them, and they would have to be guarded ever after.
 */
export const Order = Schema.Struct({
  purchaseOrderId: Schema.NonEmptyString,
  customerOrderId: text,
  orderType: text,
  orderDate: Schema.String,
  orderLines: Schema.optionalKey(
    Schema.NullOr(Schema.Struct({ orderLine: Schema.optionalKey(Schema.NullOr(list(Line))) }))
  )
})
/** What is taken of an order. */
export type Order = typeof Order.Type
