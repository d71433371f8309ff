/**
 * What an import graph cannot show: who reads the environment, who holds SQL, and which constructs are never used.
 * Works on the syntax tree, so comments and look-alikes in prose do not count.
 */
import { parseSync } from "@swc/core";

/** How a statement of SQL begins, as opposed to a sentence that begins with the same word. */
const STATEMENTS = [
  /^select\b[\s\S]*\bfrom\b/,
  /^select\s+[\w.]+\s*\(/,
  /^insert\s+into\s+[\w."]+\s*(\(|select\b|values\b|default\b|as\b)/,
  /^update\s+(only\s+)?[\w."]+(\s+(as\s+)?\w+)?\s+set\b/,
  /^delete\s+from\s+(only\s+)?[\w."]+(\s+(as\s+)?\w+)?\s*($|;|where\b|using\b|returning\b)/,
  /^with\s+(recursive\s+)?\w+\s*(\([^)]*\)\s*)?as\s*((not\s+)?materialized\s*)?\(/,
  /^(create|alter|drop)\s+(or\s+replace\s+)?(unique\s+)?(table|index|role|user|schema|policy|type|database|function|extension|view)\b/,
  /^truncate\s+(table\s+)?\w+\s*($|;|,|cascade\b)/,
  /^(grant|revoke)\s+(select|insert|update|delete|usage|all|execute|connect|create)\b/,
  /^set\s+(local|session)\s+\w/,
];

/** True for SQL; a sentence that opens with a capital letter only is prose. */
function isStatement(text) {
  const start = text.trimStart();
  const word = /^[A-Za-z]+/.exec(start)?.[0] ?? "";
  if (word !== word.toLowerCase() && word !== word.toUpperCase()) return false;
  return STATEMENTS.some((statement) => statement.test(start.toLowerCase()));
}

/** The tags of platform/db that make statements and their parts. */
const SQL_TAGS = ["sql", "part"];
const SQL_HOLDERS = /^server\/src\/(platform\/|[a-z-]+\/(read|write|on-event)(\.ts$|\/))/;
const ENVIRONMENT_READERS = /^[a-z]+\/src\/config\.ts$/;
const TESTS = /\.test\.ts$|^server\/test\//;
const ERRORS = /^(server\/src\/errors|(sdk|contract)\/src\/[a-z-]+|agent\/src\/runner\/broker)\.ts$/;

const isNamed = (node, name) => node?.type === "Identifier" && node.value === name;
const keyOf = (node) => (node?.type === "Computed" ? node.expression?.value : node?.value);

/** The text of a template with its holes shown as a parameter. */
const templateText = (node) => node.quasis.map((quasi) => quasi.cooked ?? quasi.raw).join("$1");

/**
 * Everything in one source that a rule speaks about.
 * @param {string} path relative to the root of the repository, with forward slashes
 * @param {string} source its text
 * @returns {{ imports: string[], found: { line: number, rule: string, message: string }[] }} what it imports by name, and what breaks a rule
 * @throws {Error} when the source does not parse
 */
export function inspect(path, source) {
  const tree = parseSync(source, { syntax: "typescript", decorators: true, target: "es2022" });
  const bytes = Buffer.from(source);
  const imports = [];
  const found = [];
  const report = (node, rule, message) => {
    const line = bytes
      .subarray(0, Math.max(0, (node.span?.start ?? 1) - 1))
      .toString()
      .split("\n").length;
    if (!found.some((other) => other.line === line && other.rule === rule)) found.push({ line, rule, message });
  };
  const isTest = TESTS.test(path);
  const holdsSql = isTest || SQL_HOLDERS.test(path);
  const readsEnvironment = isTest || ENVIRONMENT_READERS.test(path);

  const onEnvironment = (node) => {
    if (!readsEnvironment)
      report(node, "only-config-reads-the-environment", "rule 1: read it in config.ts and pass it on");
  };
  const onText = (node, text) => {
    if (!holdsSql && isStatement(text))
      report(node, "sql-in-the-wrong-file", "rule 2: only read, write, on-event and platform hold SQL");
  };

  /** What to look for at each kind of node. */
  const visitors = {
    ImportDeclaration(node) {
      imports.push(node.source.value);
      if (!/^(node:)?process$/.test(node.source.value)) return;
      for (const specifier of node.specifiers) {
        if (specifier.type !== "ImportSpecifier" || (specifier.imported ?? specifier.local).value === "env")
          onEnvironment(node);
      }
    },
    ExportNamedDeclaration(node) {
      if (node.source) imports.push(node.source.value);
    },
    ExportAllDeclaration(node) {
      imports.push(node.source.value);
    },
    TsImportType(node) {
      report(node, "hidden-import", "write `import type` at the top: the arrows do not see an inline one");
    },
    TsImportEqualsDeclaration(node) {
      report(node, "hidden-import", "write an ordinary import");
    },
    CallExpression(node) {
      if (node.callee.type === "Import") {
        const target = node.arguments[0]?.expression;
        if (target?.type === "StringLiteral") imports.push(target.value);
        else if (!isTest) report(node, "hidden-import", "a computed import is an arrow nobody can check");
      }
      if (isNamed(node.callee, "createRequire") && !isTest) report(node, "hidden-import", "write an ordinary import");
    },
    MemberExpression(node) {
      if (keyOf(node.property) !== "env") return;
      const holder = node.object.type === "ParenthesisExpression" ? node.object.expression : node.object;
      if (isNamed(holder, "process") || (holder.type === "MemberExpression" && keyOf(holder.property) === "process"))
        onEnvironment(node);
    },
    VariableDeclarator(node) {
      if (node.id.type === "ObjectPattern" && isNamed(node.init, "process")) {
        if (node.id.properties.some((property) => property.type === "RestElement" || property.key?.value === "env"))
          onEnvironment(node);
      } else if (isNamed(node.init, "process")) onEnvironment(node);
    },
    StringLiteral(node) {
      onText(node, node.value);
    },
    TemplateLiteral(node) {
      if (node.quasis) onText(node, templateText(node));
    },
    TaggedTemplateExpression(node) {
      const tag = node.tag.type === "CallExpression" ? node.tag.callee : node.tag;
      if (!holdsSql && SQL_TAGS.some((name) => isNamed(tag, name) || keyOf(tag.property) === name)) {
        report(node, "sql-in-the-wrong-file", "rule 2: only read, write, on-event and platform hold SQL");
      }
    },
    TsKeywordType(node) {
      if (node.kind === "any") report(node, "no-any", "name the type, or take `unknown` and look");
    },
    TsNonNullExpression(node) {
      report(node, "no-non-null-assertion", "look, and say what happens when it is missing");
    },
    TsInterfaceDeclaration(node) {
      if (/^I[A-Z][a-z]/.test(node.id.value))
        report(node, "no-prefixed-interface", "an interface is named after the thing");
    },
    Decorator(node) {
      report(node, "no-decorator", "call a function");
    },
    ClassDeclaration(node) {
      if (node.isAbstract) report(node, "no-base-class", "compose functions");
      if (!isTest && !ERRORS.test(path) && node.superClass && /Error$/.test(node.superClass.value ?? "")) {
        report(node, "one-error-class", "throw AppError with a code of the closed list");
      }
    },
  };

  const visit = (node) => {
    if (Array.isArray(node)) {
      for (const child of node) visit(child);
      return;
    }
    if (node === null || typeof node !== "object") return;
    if (typeof node.type === "string") visitors[node.type]?.(node);
    for (const child of Object.values(node)) if (child !== null && typeof child === "object") visit(child);
  };
  visit(tree.body);
  return { imports, found };
}
