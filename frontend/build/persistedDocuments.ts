/** Vite plugin: replaces GraphQL texts by their SHA-256 and writes the manifest the server trusts. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { formatDocument } from "@urql/core";
import { type DocumentNode, parse, print } from "graphql";
import ts from "typescript";
import type { Plugin } from "vite";

interface Definition {
  readonly name: string;
  readonly text: string;
  readonly fragments: readonly string[];
  readonly start: number;
  readonly end: number;
}

interface Module {
  readonly definitions: readonly Definition[];
  /** Local name of an import -> [file, exported name]. */
  readonly imports: ReadonlyMap<string, readonly [string, string]>;
}

/** Full text of one definition: itself and every fragment it reaches, each once, with `__typename` selected. */
export function composeDocument(file: string, name: string, read = readModule): string {
  const texts = new Map<string, string>();
  const visit = (inFile: string, wanted: string): void => {
    const module = read(inFile);
    const imported = module.imports.get(wanted);
    if (imported) {
      visit(imported[0], imported[1]);
      return;
    }
    const definition = module.definitions.find((d) => d.name === wanted);
    if (!definition) throw new Error(`${inFile}: no graphql() constant named ${wanted}`);
    const key = `${inFile}#${wanted}`;
    if (texts.has(key)) return;
    texts.set(key, definition.text);
    for (const fragment of definition.fragments) visit(inFile, fragment);
  };
  visit(file, name);
  const source = [...texts.values()].join("\n").replaceAll(/\s@_unmask\b/g, "");
  return print(formatDocument(parse(source)) as DocumentNode);
}

/** `sha256:<hex>`, the id under which the server finds the document. */
export function documentId(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** The graphql() constants and relative imports of one source text. */
export function analyseModule(file: string, source: string): Module {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const definitions: Definition[] = [];
  const imports = new Map<string, readonly [string, string]>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) collectImports(file, node, imports);
    if (isGraphqlCall(node)) definitions.push(readDefinition(file, node));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { definitions, imports };
}

function collectImports(
  file: string,
  node: ts.ImportDeclaration,
  into: Map<string, readonly [string, string]>,
): void {
  const specifier = (node.moduleSpecifier as ts.StringLiteral).text;
  const named = node.importClause?.namedBindings;
  if (!specifier.startsWith(".") || !named || !ts.isNamedImports(named)) return;
  const base = resolve(dirname(file), specifier);
  const target = [base, `${base}.ts`, `${base}.tsx`].find(
    (p) => /\.tsx?$/.test(p) && existsSync(p),
  );
  if (!target) return;
  for (const element of named.elements) {
    into.set(element.name.text, [target, (element.propertyName ?? element.name).text]);
  }
}

function isGraphqlCall(node: ts.Node): node is ts.CallExpression {
  return (
    ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === "graphql"
  );
}

function readDefinition(file: string, call: ts.CallExpression): Definition {
  const [text, fragments] = call.arguments;
  const owner = call.parent;
  if (!ts.isVariableDeclaration(owner) || !ts.isIdentifier(owner.name)) {
    throw new Error(`${file}: graphql() must be assigned to a constant`);
  }
  if (!text || !ts.isNoSubstitutionTemplateLiteral(text)) {
    throw new Error(`${file}: ${owner.name.text} must be a template literal without \${}`);
  }
  const names = fragments && ts.isArrayLiteralExpression(fragments) ? fragments.elements : [];
  return {
    name: owner.name.text,
    text: text.text,
    fragments: [...names].map((element) => element.getText()),
    start: call.getStart(),
    end: call.getEnd(),
  };
}

function readModule(file: string): Module {
  return analyseModule(file, readFileSync(file, "utf8"));
}

/**
 * Build only: the development server keeps the plain text.
 *
 * Without a file name nothing is written: a build beside that of the portal sends what that one lists.
 */
export function persistedDocuments(fileName: string | null = "persisted-documents.json"): Plugin {
  const manifest = new Map<string, string>();
  return {
    name: "kundenportal:persisted-documents",
    apply: "build",
    enforce: "pre",
    buildStart() {
      manifest.clear();
    },
    transform(code, id) {
      const file = id.split("?")[0] ?? id;
      if (!/\/src\/.*\.tsx?$/.test(file) || !code.includes("graphql(")) return null;
      let result = code;
      for (const definition of analyseModule(file, code).definitions.toReversed()) {
        let replacement = "{}";
        if (!/^\s*fragment\b/.test(definition.text)) {
          const text = composeDocument(file, definition.name);
          const key = documentId(text);
          manifest.set(key.slice("sha256:".length), text);
          replacement = `{kind:"Document",definitions:[],documentId:"${key}"}`;
        }
        result = result.slice(0, definition.start) + replacement + result.slice(definition.end);
      }
      return { code: result, map: null };
    },
    generateBundle() {
      if (fileName === null) return;
      const sorted = Object.fromEntries([...manifest].sort(([a], [b]) => a.localeCompare(b)));
      this.emitFile({ type: "asset", fileName, source: `${JSON.stringify(sorted, null, 1)}\n` });
    },
  };
}
