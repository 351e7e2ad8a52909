/**
 * `npm run reference`: the API reference of the published packages, built from their docstrings into
 * `dist/reference`. A docstring with a broken link or tag is an error.
 */
import { join, relative } from "node:path"
import { Application, Converter, type DeclarationReflection, type Reflection, ReflectionKind } from "typedoc"
import { publishable } from "../package/packages.ts"
import { repository } from "../package/published.ts"
import { root } from "../tidy/tree.ts"

const out = join(root, "dist/reference")

interface Package {
  readonly name: string
  readonly folder: string
  readonly entry: string
}

// The server is a program; what it exports is for the programs of this repository.
const packages = publishable()
  .filter(({ folder }) => !folder.startsWith("apps/"))
  .map(({ folder, manifest }): Package => ({
    name: manifest.name,
    folder,
    entry: join(root, folder, manifest.exports?.["."] ?? "src/index.ts")
  }))

const application = await Application.bootstrap({
  name: "Portolan",
  readme: join(root, "README.md"),
  entryPoints: packages.map(({ entry }) => entry),
  tsconfig: join(root, "tsconfig.json"),
  exclude: ["**/node_modules/**", "**/test/**"],
  excludeExternals: true,
  excludePrivate: true,
  skipErrorChecking: true,
  includeVersion: true,
  disableGit: true,
  sourceLinkTemplate: `${repository}/blob/main/{path}#L{line}`,
  validation: { notExported: false, invalidLink: true, invalidPath: true, notDocumented: true },
  packagesRequiringDocumentation: packages.map(({ name }) => name),
  requiredToBeDocumented: ["Function", "Class", "Interface", "TypeAlias", "Variable", "Method"],
  treatWarningsAsErrors: true,
  logLevel: "Warn"
})
const isCatalogue = (one: Reflection): one is DeclarationReflection =>
  one.getFullName() === "@portolan/domain.Messages.en"

// A module has the name by which it is imported, not its folder's.
application.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
  const found = packages.find(({ folder }) => reflection.name === `${folder}/src`)
  if (reflection.kind === ReflectionKind.Module && found !== undefined) reflection.name = found.name
})
const project = await application.convert()
if (project === undefined) process.exitCode = 1
else {
  // The sentences of the English catalogue are read in its files, 230 lines of them; their page names the type alone.
  for (const { type } of project.getReflectionsByKind(ReflectionKind.Variable).filter(isCatalogue)) {
    if (type?.type === "reflection") type.declaration.children?.slice().forEach((key) => project.removeReflection(key))
  }
  application.validate(project)
  await application.generateDocs(project, out)
  if (application.logger.hasErrors() || application.logger.hasWarnings()) process.exitCode = 1
  else console.log(`The reference is in ${relative(root, out)}/index.html.`)
}
