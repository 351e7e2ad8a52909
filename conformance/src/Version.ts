/** The version of the suite: its major number is the version of the catalogue of laws. Part of every replay token. */
export const suiteVersion = "1.2.0"

/** The version of the report's shape. */
export const reportSchema = "portolan-conformance-report/2"
