// From the validator's output to the problems that are told: one for each thing that has to change.

/** The longest value of a keyword that is told, in characters of JSON. */
const LONG = 300;

/** The keywords whose value says what is expected. */
const TELLING = new Set([
  ...["type", "const", "enum", "format", "pattern", "multipleOf"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
  ...["minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains", "minProperties", "maxProperties"],
]);

/**
 * The problems of a validation, each `{ path, keyword, expected }`: where in the value (a JSON Pointer), which keyword it
 * breaks, and that keyword's value as JSON. What is missing has the path that it would have.
 */
export function problems(units, document, value) {
  const all = units.flatMap((unit) => leaves(unit, document, value));
  const seen = new Set();
  return all.filter((it) => {
    const key = JSON.stringify([it.path, it.keyword, it.expected]);
    return !seen.has(key) && seen.add(key);
  });
}

function leaves(unit, document, value) {
  const nested = unit.errors ?? [];
  const keyword = keywordOf(unit);
  if (nested.length === 0 || keyword === "contains") return told(unit, keyword, document, value);
  if (keyword === "propertyNames") return [problem(pathOf(unit.errors[0]), keyword, undefined)];
  if (keyword !== "anyOf" && keyword !== "oneOf") return nested.flatMap((it) => leaves(it, document, value));
  return nearest(unit, keyword, document, value);
}

/** Of several branches none fits: the problems of that one which is nearest, or that none fits. */
function nearest(unit, keyword, document, value) {
  const here = pathOf(unit);
  const branches = [...byBranch(unit).values()].map((it) => it.flatMap((error) => leaves(error, document, value)));
  if (branches.every((it) => it.length === 1 && it[0].keyword === "type" && it[0].path === here)) {
    const types = branches.flatMap(([it]) => JSON.parse(it.expected));
    return [problem(here, "type", [...new Set(types)])];
  }
  const ranked = branches.map((it) => [score(it, here), it]).sort(([one], [other]) => one - other);
  const alone = ranked.length === 1 || ranked[0][0] < ranked[1][0];
  return alone ? ranked[0][1] : [problem(here, keyword, undefined)];
}

/** A branch of another type, or with another tag, is not what was meant. */
function score(branch, here) {
  const apart = branch.filter(({ path, keyword }) => {
    const near = path === here || path.slice(0, path.lastIndexOf("/")) === here;
    return (keyword === "type" && path === here) || (near && ["const", "enum"].includes(keyword));
  });
  return apart.length * 1000 + branch.length;
}

function byBranch(unit) {
  const branches = new Map();
  for (const error of unit.errors) {
    const rest = error.absoluteKeywordLocation.slice(unit.absoluteKeywordLocation.length + 1);
    const branch = rest.split("/", 1)[0];
    branches.set(branch, [...(branches.get(branch) ?? []), error]);
  }
  return branches;
}

function told(unit, keyword, document, value) {
  const path = pathOf(unit);
  const expected = valueAt(unit.absoluteKeywordLocation, document);
  if (keyword === "required") return missing(expected, keyword, path, value);
  if (keyword === "dependentRequired") {
    const there = Object.keys(expected ?? {}).filter((name) => has(at(path, value), name));
    return there.flatMap((name) => missing(expected[name], keyword, path, value));
  }
  return [problem(path, keyword, TELLING.has(keyword) ? expected : undefined)];
}

function missing(names, keyword, path, value) {
  const object = at(path, value);
  const absent = (Array.isArray(names) ? names : []).filter((name) => !has(object, name));
  return absent.map((name) => problem(`${path}/${escaped(name)}`, keyword, undefined));
}

function problem(path, keyword, expected) {
  const text = expected === undefined ? undefined : JSON.stringify(expected);
  return { path, keyword, expected: text?.length > LONG ? undefined : text };
}

/** The last name of the keyword's place; of a schema that allows nothing, `false`. */
function keywordOf({ absoluteKeywordLocation, keyword }) {
  const last = unescaped(decodeURI(absoluteKeywordLocation.split("/").at(-1) ?? ""));
  const isFalse = keyword.endsWith("/evaluation/validate");
  return isFalse && !/^(additional|unevaluated)/.test(last) ? "false" : last;
}

/** The pointer of a value; that of a name is marked with a star. */
function pathOf({ instanceLocation }) {
  return decodeURI(instanceLocation.split("#")[1] ?? "").replace(/^\*/, "");
}

function valueAt(location, document) {
  const [base, pointer = ""] = location.split("#");
  return at(decodeURI(pointer), (document.embedded[base] ?? document).root);
}

function at(pointer, value) {
  const names = pointer.split("/").slice(1).map(unescaped);
  return names.reduce((it, name) => (has(it, name) ? it[name] : undefined), value);
}

function has(value, name) {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name);
}

function escaped(name) {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function unescaped(name) {
  return name.replaceAll("~1", "/").replaceAll("~0", "~");
}
