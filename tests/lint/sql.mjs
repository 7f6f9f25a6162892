// Names in the schema must be usable, unquoted, in SQLite, MariaDB 10.11 and MySQL 8.
import { reserved_words } from './reserved_words.mjs'

export const name = 'sql'
export const applies = (path) => /^crm\/.*\.(cpp|hpp)$/.test(path)

// The string literals of a C++ source, neighbours joined as the compiler joins them, each with its line.
function literals(text) {
  const pattern = /R"([\w]*)\(([\s\S]*?)\)\1"|"((?:[^"\\\n]|\\.)*)"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
  const found = []
  let end = -1
  for (const match of text.matchAll(pattern)) {
    const content = match[2] ?? match[3]
    if (content === undefined) continue
    const last = found[found.length - 1]
    if (last && /^\s*$/.test(text.slice(end, match.index))) last.content += content
    else found.push({ content, line: text.slice(0, match.index).split('\n').length })
    end = match.index + match[0].length
  }
  return found
}

// The pieces between top-level commas of the parenthesis that opens at `open`.
function elements(statement, open) {
  const pieces = ['']
  let depth = 0
  for (let at = open; at < statement.length; at += 1) {
    const letter = statement[at]
    if (letter === '(') depth += 1
    if (letter === ')' && (depth -= 1) === 0) break
    if (letter === ',' && depth === 1) pieces.push('')
    else if (at > open) pieces[pieces.length - 1] += letter
  }
  return pieces.map((piece) => piece.trim()).filter(Boolean)
}

const no_column = /^(primary|unique|key|index|constraint|foreign|check|fulltext)\b/i

function names(statement) {
  const found = []
  for (const match of statement.matchAll(/create\s+table\s+(?:if\s+not\s+exists\s+)?(\w+)\s*\(/gi)) {
    found.push(match[1])
    for (const element of elements(statement, match.index + match[0].length - 1)) {
      // A column that is called like a constraint keyword is told by what follows: a type, not "(" or KEY.
      if (!no_column.test(element) || /^\w+\s+\{/.test(element)) found.push(/^[`"]?(\w+)/.exec(element)?.[1] ?? element)
    }
  }
  for (const match of statement.matchAll(/create\s+(?:unique\s+)?index\s+(?:if\s+not\s+exists\s+)?(\w+)\s+on\s+(\w+)/gi)) {
    found.push(match[1], match[2])
  }
  for (const match of statement.matchAll(/alter\s+table\s+(\w+)\s+(?:add|rename)\s+(?:column\s+)?(\w+)/gi)) {
    found.push(match[1], match[2])
  }
  return found
}

export function check(path, text) {
  const problems = []
  for (const { content, line } of literals(text)) {
    for (const word of names(content)) {
      const database = reserved_words.get(word.toLowerCase())
      if (database) problems.push({ line, message: `"${word}" is a reserved word of ${database}: choose another name` })
    }
  }
  return problems
}

export const examples = [
  { why: 'a reserved table name', path: 'crm/a.cpp', text: 'x = "CREATE TABLE groups (id {id})";\n', problems: 1 },
  { why: 'a reserved column in a raw string', path: 'crm/a.cpp', text: 'x = R"(CREATE TABLE seats (id {id},\n rank {i64}, PRIMARY KEY (id)))";\n', problems: 1 },
  { why: 'a reserved column in joined strings', path: 'crm/a.cpp', text: 'x = "CREATE TABLE seats (id {id}, "\n "key {key})";\n', problems: 1 },
  { why: 'an index', path: 'crm/a.cpp', text: 'x = "CREATE INDEX window ON orders (id)";\n', problems: 1 },
  { why: 'plain names', path: 'crm/a.cpp', text: 'x = "CREATE TABLE orders (id {id}, placed_at {i64}, UNIQUE (placed_at), amount DECIMAL(3, 4))";\n', problems: 0 },
]
