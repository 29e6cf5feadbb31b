// Starts the app. Trunk would do this with an inline script, which the page's policy forbids.

const boot = document.getElementById("boot");
const address = (id) => document.getElementById(id).href;

function explain(error) {
  const words = document.createElement("p");
  words.textContent = `Flowglass could not be started: ${error?.message ?? error}`;
  const advice = document.createElement("p");
  advice.textContent = "Reload the page. If that does not help, this browser may be too old or may forbid WebAssembly.";
  const reload = document.createElement("button");
  reload.textContent = "Reload";
  reload.addEventListener("click", () => location.reload());
  boot.setAttribute("role", "alert");
  boot.replaceChildren(words, advice, reload);
}

try {
  const { default: start } = await import(address("app-script"));
  await start({ module_or_path: address("app-module") });
  boot.remove();
} catch (error) {
  explain(error);
  // The console is where a developer looks for the stack.
  console.error(error);
}
