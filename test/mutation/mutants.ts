/** What may be changed in a source file, one small fault each: the faults that people make, or that a lost line leaves behind. */
import {
  isArrayLiteralExpression,
  isBinaryExpression,
  isCallExpression,
  isConditionalExpression,
  isExportDeclaration,
  isExpressionStatement,
  isIfStatement,
  isImportDeclaration,
  isInterfaceDeclaration,
  isNoSubstitutionTemplateLiteral,
  isPrefixUnaryExpression,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isStringLiteral,
  isTemplateExpression,
  isTypeAliasDeclaration,
  isTypeNode,
  isWhileStatement,
  type Node,
  NodeFlags,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast';

export interface Mutant {
  /** Where the text that is replaced starts, and where it ends, in characters of the file. */
  start: number;
  end: number;
  line: number;
  /** What was done, as `&& to ||`. */
  what: string;
  from: string;
  /** The text instead; empty for a statement that is left out. */
  to: string;
}

/** Operators, and what stands in their place. */
const OPERATORS = pairs('&& ||', '=== !==', '< <=', '> >=', '+ -');

/** Methods with another of the same parameters. */
const METHODS = pairs('every some', 'startsWith endsWith');

/** Methods that may be left out: what they are called on can stand for their result. */
const DROPPED = ['filter', 'sort', 'toSorted', 'slice', 'trim', 'toLowerCase', 'concat', 'reverse'];

/** Every mutant of a file, in the order of its text; those of the same text follow one another. */
export function mutantsIn(source: SourceFile): Mutant[] {
  const mutants: Mutant[] = [];
  const textOf = (node: Node) => source.text.slice(node.getStart(source), node.end);

  function add(node: Node, what: string, to: string): void {
    const start = node.getStart(source);
    const line = source.text.slice(0, start).split('\n').length;
    mutants.push({ start, end: node.end, line, what, from: textOf(node), to });
  }

  function addCondition(condition: Node): void {
    add(condition, 'condition to false', 'false');
    add(condition, 'condition to true', 'true');
  }

  function visit(node: Node): void {
    if (isTypeNode(node) || isInterfaceDeclaration(node) || isTypeAliasDeclaration(node)) return;
    if (isImportDeclaration(node) || isExportDeclaration(node)) return;
    if (isIfStatement(node)) addCondition(node.expression);
    // A loop that never ends says nothing of the tests.
    else if (isWhileStatement(node)) add(node.expression, 'condition to false', 'false');
    else if (isConditionalExpression(node)) addCondition(node.condition);
    else if (isExpressionStatement(node)) add(node, 'statement left out', '');
    else if (isArrayLiteralExpression(node) && node.elements.length > 0) {
      add(node, 'array emptied', '[]');
      const but = node.elements.slice(0, -1).map(textOf);
      if (but.length > 0) add(node, 'last element left out', `[${but.join(', ')}]`);
    } else if (isTemplateExpression(node) || (isText(node) && textOf(node).length > 2))
      add(node, 'string emptied', "''");
    else if (isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken)
      add(node, '! left out', `!!${textOf(node.operand)}`);
    else if (isBinaryExpression(node)) {
      const [left, operator, right] = [node.left, node.operatorToken, node.right].map(textOf);
      const other = OPERATORS.get(operator ?? '');
      if (operator === '??') add(node, '?? left out', left ?? '');
      else if (other !== undefined)
        add(node, `${operator} to ${other}`, `(${left}) ${other} (${right})`);
    } else if (isCallExpression(node) && isPropertyAccessExpression(node.expression)) {
      const { expression: object, name } = node.expression;
      const rest = source.text.slice(name.end, node.end);
      const other = METHODS.get(name.text);
      const isChain = (node.flags & NodeFlags.OptionalChain) !== 0;
      if (other !== undefined && !isChain)
        add(node, `${name.text} to ${other}`, `${textOf(object)}.${other}${rest}`);
      if (DROPPED.includes(name.text) && !isChain)
        add(node, `${name.text} left out`, textOf(object));
    }
    if (isWholeChain(node)) addLinks(node);
    // What an assignment writes into is a pattern, and no value.
    if (isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.EqualsToken)
      visit(node.right);
    else if (isPropertyAssignment(node)) visit(node.initializer);
    else node.forEachChild(visit);
  }

  /** A mutant of the whole chain for each `?.` in it. */
  function addLinks(chain: Node): void {
    const [start, text] = [chain.getStart(source), textOf(chain)];
    for (let link: Chain | undefined = chain; isInChain(link); link = link.expression) {
      if (!link.questionDotToken) continue;
      const [before, after] = [link.questionDotToken.getStart(source), link.questionDotToken.end];
      const dot = isPropertyAccessExpression(link) ? '.' : '';
      add(chain, '?. left out', text.slice(0, before - start) + dot + text.slice(after - start));
    }
  }

  source.forEachChild(visit);
  return mutants;
}

type Chain = Node & { readonly expression?: Chain; readonly questionDotToken?: Node };

function isInChain(node: Chain | undefined): node is Chain {
  return node !== undefined && (node.flags & NodeFlags.OptionalChain) !== 0;
}

/** Whether a node is a chain with `?.` in it, and not the beginning of a longer one. */
function isWholeChain(node: Chain): boolean {
  const parent: Chain = node.parent;
  return isInChain(node) && !(isInChain(parent) && parent.expression === node);
}

function isText(node: Node): boolean {
  return isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node);
}

/** Each word of a pair leads to the other. */
function pairs(...texts: string[]): ReadonlyMap<string, string> {
  const words = texts.map((text) => text.split(' ') as [string, string]);
  return new Map([...words, ...words.map(([a, b]): [string, string] => [b, a])]);
}
