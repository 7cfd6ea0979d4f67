// Compiles src/web/assets/scss/foca.scss over the USWDS packages it names into one minified foca.css.
import { writeFileSync } from "node:fs";
import { compile } from "sass";

const [out] = process.argv.slice(2);
const { css } = compile("../../src/web/assets/scss/foca.scss", {
  style: "compressed",
  loadPaths: ["node_modules/@uswds/uswds/packages"],
  // USWDS 3 itself still uses what Sass is phasing out; our own files are warned about in review.
  quietDeps: true,
  silenceDeprecations: ["if-function", "import", "global-builtin"],
});
writeFileSync(`${out}/foca.css`, css);
