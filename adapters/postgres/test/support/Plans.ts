/** Explains every statement that runs, in its own transaction and as its own role, with the parameters it has. */
import { CompiledQuery, type DatabaseConnection, type Dialect, type QueryResult } from "kysely"

/** A node of a plan as `explain (format json)` gives it. */
interface Node {
  readonly "Node Type": string
  readonly "Relation Name"?: string
  readonly "Index Name"?: string
  readonly "Actual Rows": number
  readonly "Actual Loops": number
  readonly "Rows Removed by Filter"?: number
  readonly "Rows Removed by Index Recheck"?: number
  readonly Plans?: ReadonlyArray<Node>
}

/** What a statement did. */
export interface Plan {
  readonly text: string
  readonly tables: ReadonlyArray<string>
  /** Tables that were read without an index, and not just until a total was counted. */
  readonly scans: ReadonlyArray<string>
  /** The largest number of rows that were sorted because no index gave them in order. */
  readonly sorted: number
  /** Rows that were looked at: those that were used, and those that did not fit. */
  readonly visited: number
  /** The plan, to be read in a message. */
  readonly shown: string
}

/** Totals are counted up to a thousand here, and one more. */
const counted = 1_001

/** Tables that are read without an index until their end: no limit was reached before. */
const scansOf = (node: Node, isCut = false): ReadonlyArray<string> => {
  if (node["Node Type"] === "Seq Scan" && !isCut) return [node["Relation Name"] ?? ""]
  const isFull = node["Node Type"] === "Limit" && rowsOf(node) >= counted
  return (node.Plans ?? []).flatMap((one) => scansOf(one, isCut || isFull))
}

const nodesOf = (node: Node): ReadonlyArray<Node> => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

const rowsOf = (node: Node) => node["Actual Rows"] * node["Actual Loops"]

const visitedBy = (node: Node): number =>
  node["Relation Name"] === undefined
    ? 0
    : rowsOf(node) +
      ((node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0)) * node["Actual Loops"]

const show = (node: Node, depth = 0): string =>
  [
    `${"  ".repeat(depth)}${node["Node Type"]} ${node["Index Name"] ?? node["Relation Name"] ?? ""}: ` +
      `${rowsOf(node)} rows, ${visitedBy(node)} looked at`,
    ...(node.Plans ?? []).map((one) => show(one, depth + 1))
  ].join("\n")

const judge = (text: string, root: Node): Plan => {
  const nodes = nodesOf(root)
  return {
    text,
    tables: [...new Set(nodes.flatMap((node) => node["Relation Name"] ?? []))],
    scans: scansOf(root),
    sorted: Math.max(
      0,
      ...nodes.filter((node) => node["Node Type"] === "Sort").flatMap((node) => (node.Plans ?? []).map(rowsOf))
    ),
    visited: nodes.reduce((sum, node) => sum + visitedBy(node), 0),
    shown: show(root)
  }
}

/** Listens to the statements of one database. */
export interface Plans {
  readonly wrap: (dialect: Dialect) => Dialect
  /** The plans of what was read since the last call. */
  readonly take: () => ReadonlyArray<Plan>
  readonly listen: (isOn: boolean) => void
}

const reads = /^\s*(select|with)\b/i

/** Makes a listener, which is off. */
export const make = (): Plans => {
  let isOn = false
  let found: Array<Plan> = []
  const explain = async (connection: DatabaseConnection, text: string, parameters: ReadonlyArray<unknown>) => {
    const { rows } = await connection.executeQuery<{ readonly "QUERY PLAN": ReadonlyArray<{ readonly Plan: Node }> }>(
      CompiledQuery.raw(`explain (analyze, timing off, format json) ${text}`, [...parameters])
    )
    const root = rows[0]?.["QUERY PLAN"][0]?.Plan
    if (root !== undefined) found.push(judge(text, root))
  }
  const listening = (connection: DatabaseConnection): DatabaseConnection =>
    Object.assign(Object.create(connection) as DatabaseConnection, {
      executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
        if (isOn && reads.test(query.sql) && !query.sql.includes("set_config(")) {
          await explain(connection, query.sql, query.parameters)
        }
        return await connection.executeQuery<R>(query)
      }
    })
  return {
    wrap: (dialect) => ({
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (kysely) => dialect.createIntrospector(kysely),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver: () => {
        const driver = dialect.createDriver()
        const inner = new WeakMap<DatabaseConnection, DatabaseConnection>()
        const of = (connection: DatabaseConnection) => inner.get(connection) ?? connection
        return {
          init: (options) => driver.init(options),
          destroy: (options) => driver.destroy(options),
          acquireConnection: async (options) => {
            const connection = await driver.acquireConnection(options)
            const outer = listening(connection)
            inner.set(outer, connection)
            return outer
          },
          releaseConnection: (connection, options) => driver.releaseConnection(of(connection), options),
          beginTransaction: (connection, settings) => driver.beginTransaction(of(connection), settings),
          commitTransaction: (connection) => driver.commitTransaction(of(connection)),
          rollbackTransaction: (connection) => driver.rollbackTransaction(of(connection))
        }
      }
    }),
    take: () => {
      const taken = found
      found = []
      return taken
    },
    listen: (wanted) => {
      isOn = wanted
    }
  }
}
