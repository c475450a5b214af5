// Writes into feelin.json what feelin says to each of its cases:
//   npm install feelin@8.2.0 && node record_feelin.mjs feelin.json
// A case is [text, context, answer]; a case with "?" in its context is a decision table's cell.
// Dates, times and durations are answered as their text, what feelin can't read as "!".
import { readFileSync, writeFileSync } from 'node:fs';
import { evaluate, unaryTest } from 'feelin';

function plain(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value.constructor?.name === 'Object') {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
  }
  return typeof value === 'function' ? 'function' : String(value);
}

function answer(text, context) {
  try {
    const result = '?' in context ? unaryTest(text, context) : evaluate(text, context);
    return plain(result?.value === undefined ? null : result.value);
  } catch {
    return '!';
  }
}

const path = process.argv[2];
const groups = JSON.parse(readFileSync(path, 'utf8'));
const lines = Object.entries(groups).map(([name, cases]) => {
  const answered = cases.map(([text, context]) => [text, context, answer(text, context)]);
  return `${JSON.stringify(name)}: [\n${answered.map((each) => `  ${JSON.stringify(each)}`).join(',\n')}\n]`;
});
writeFileSync(path, `{\n${lines.join(',\n')}\n}\n`);
