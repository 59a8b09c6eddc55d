// The container in which JupyterLab looks for an extension: `init` is given the packages that all extensions
// share, `get` gives the module of the extension. It is what a bundler would write, without the bundle.
(() => {
  let shared = null;

  // The package that the application itself has; where there are several, the one that is in use.
  async function load(name) {
    const versions = Object.values(shared[name] ?? {});
    const one = versions.find((version) => version.loaded || version.eager) ?? versions[0];
    if (!one) throw new Error(`${name} is not there`);
    return (await one.get())();
  }

  (window._JUPYTERLAB ??= {})["orr-review"] = {
    init(scope) {
      shared = scope;
    },
    async get() {
      const { createPlugin } = await import("./plugin.js");
      const module = { __esModule: true, default: await createPlugin(load) };
      return () => module;
    },
  };
})();
