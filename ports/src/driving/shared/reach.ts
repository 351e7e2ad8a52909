export { makeAccessScope } from "./AccessScope.ts"
