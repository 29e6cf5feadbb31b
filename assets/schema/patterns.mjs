// A schema as values, with its regular expressions as ECMA-262 has them.

/**
 * Reads a schema. A pattern with an escape that only the lenient syntax allows (`\-`, `\_`) is written in the strict one,
 * which the validator uses; one that no browser reads is left out, and put on the list.
 */
export function mended(text, skipped) {
  return JSON.parse(text, (key, value) => {
    // It would define a dialect for all later schemas of the page.
    if (key === "$vocabulary") return undefined;
    if (key === "pattern" && typeof value === "string") return strict(value, skipped);
    if (key === "patternProperties" && isObject(value)) return withStrictNames(value, skipped);
    return value;
  });
}

function withStrictNames(properties, skipped) {
  const named = Object.entries(properties).map(([name, value]) => [strict(name, skipped), value]);
  return Object.fromEntries(named.filter(([name]) => name !== undefined));
}

function strict(pattern, skipped) {
  if (compiles(pattern)) return pattern;
  const plain = pattern.replace(/\\([^\w^$\\.*+?()[\]{}|/]|_)/g, (_, it) => (it === "-" ? "\\x2d" : it));
  if (compiles(plain)) return plain;
  skipped.push(pattern.slice(0, 200));
  return undefined;
}

function compiles(pattern) {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
