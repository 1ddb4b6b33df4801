// Reads reports in headless Chromium: axe in light and dark, at desktop and phone width and for print; no
// request goes out, nothing sticks out sideways, and the keyboard reaches what a mouse does.
//
//     node report.js MODULES CHROMIUM [--screenshots DIRECTORY] FILE.html...

"use strict";
const path = require("path");

const [modules, executablePath, ...rest] = process.argv.slice(2);
const { chromium } = require(path.join(modules, "playwright-core"));
const axe = path.join(modules, "axe-core", "axe.min.js");
let screenshots = null;
if (rest[0] === "--screenshots") [, screenshots] = rest.splice(0, 2);

const LOOKS = [];
for (const [width, name] of [[1280, "desktop"], [390, "phone"]]) {
  for (const colorScheme of ["light", "dark"]) LOOKS.push({ name, width, colorScheme, media: "screen" });
}
LOOKS.push({ name: "print", width: 800, colorScheme: "light", media: "print" });

async function look(browser, file, { name, width, colorScheme, media }) {
  const problems = [];
  // The page forbids scripts, and axe is one.
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
  const page = await context.newPage();
  const url = `file://${path.resolve(file)}`;
  page.on("request", (request) => request.url() !== url && problems.push(`asks for ${request.url()}`));
  page.on("pageerror", (error) => problems.push(`fails: ${error}`));
  await page.emulateMedia({ media, colorScheme });
  await page.goto(url);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) problems.push(`sticks out by ${wide} pixels`);
  if (screenshots) {
    const base = path.basename(file, ".html");
    await page.screenshot({ path: path.join(screenshots, `${base}-${name}-${colorScheme}.png`), fullPage: true });
  }
  await page.addScriptTag({ path: axe });
  const result = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  if (result.passes.length < 10) problems.push(`axe looked at ${result.passes.length} rules only`);
  for (const violation of result.violations) {
    problems.push(`axe ${violation.impact} ${violation.id}: ${violation.help} (${violation.nodes.length}): ${violation.nodes[0].html.slice(0, 160)}`);
  }
  await context.close();
  return { problems, passes: result.passes.length };
}

async function keyboard(browser, file) {
  const problems = [];
  const page = await browser.newPage();
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  await page.goto(`file://${path.resolve(file)}`);
  const focused = () => page.evaluate(() => document.activeElement.className || document.activeElement.tagName);
  await page.keyboard.press("Tab");
  if ((await focused()) !== "skip") problems.push(`the first stop is ${await focused()}, not the skip link`);
  await page.keyboard.press("Enter");
  if ((await page.evaluate(() => document.activeElement.id)) !== "content") problems.push("the skip link does not lead to the content");
  const summary = await page.$("details.step > summary");
  if (summary) {
    const open = () => page.evaluate(() => document.querySelector("details.step").open);
    const before = await open();
    await summary.focus();
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    if (outline === "none") problems.push("the focus cannot be seen");
    await page.keyboard.press("Enter");
    if ((await open()) === before) problems.push("a revision does not open by keyboard");
  }
  await page.close();
  return problems;
}

(async () => {
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  let failed = false;
  for (const file of rest) {
    const found = (await keyboard(browser, file)).map((text) => `keyboard: ${text}`);
    let passes = 0;
    for (const wanted of LOOKS) {
      const { problems, passes: passed } = await look(browser, file, wanted);
      passes += passed;
      found.push(...problems.map((text) => `${wanted.name}, ${wanted.colorScheme}: ${text}`));
    }
    console.log(`${path.basename(file)}: ${found.length} problems, ${passes} rules of axe passed in ${LOOKS.length} looks`);
    for (const text of found) console.log(`  ${text}`);
    failed ||= found.length > 0;
  }
  await browser.close();
  process.exit(failed || rest.length === 0 ? 1 : 0);
})();
