// Checks of the manifests, by name: `manifests`, `render`, `flags BIN`, `selftest`. Exit 0 clean, 1 findings, 77 skipped.
import {execFileSync} from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import {baseObjects, containersOf, kubectlVersion, overlays, render} from "./documents.mjs";
import {flagsOf, rules} from "./rules.mjs";
import {typeCheck, validate} from "./schema.mjs";

const work = process.cwd();

function skip(why) {
  console.log(`SKIPPED: ${why}`);
  process.exit(77);
}

function applyRules(objects) {
  return Object.entries(rules).flatMap(([name, rule]) => rule(objects).map((finding) => `${name}: ${finding}`));
}

async function checkAll(label, objects) {
  const found = [...(await validate(objects)), ...typeCheck(objects, work), ...applyRules(objects)];
  console.log(`${label}: ${objects.length} objects, ${found.length} findings`);
  return found.map((finding) => `${label}: ${finding}`);
}

async function checkRendered() {
  const version = kubectlVersion();
  if (!version || version[0] * 1000 + version[1] < 1021) skip("kustomize rendering (kubectl 1.21 or newer is not there)");
  const found = [];
  for (const folder of ["base", ...overlays()]) found.push(...(await checkAll(folder, render(folder))));
  return found;
}

// Every flag in the manifests is one that the program says it has.
function checkFlags(bin) {
  const containers = baseObjects().flatMap(containersOf).filter((container) => container.args);
  const programs = containers.map((container) => path.join(bin, path.basename(container.command[0])));
  const absent = programs.filter((program) => !fs.existsSync(program));
  if (absent.length > 0) skip(`flags of the manifests (not built: ${absent.map((program) => path.basename(program)).join(", ")})`);
  return containers.flatMap((container, i) => {
    const help = execFileSync(programs[i], ["--help"], {encoding: "utf8"});
    return [...flagsOf(container).keys()]
      .filter((flag) => !new RegExp(`(^|[\\s,])${flag}([\\s,=:\\[]|$)`, "m").test(help))
      .map((flag) => `${container.name} has no flag ${flag}`);
  });
}

// Each mistake must be found by the check that is named.
async function selfTest() {
  const deployment = (objects) => objects.find((object) => object.kind === "Deployment");
  const container = (objects) => deployment(objects).spec.template.spec.containers[0];
  const mistakes = [
    ["podSecurity", (o) => { deployment(o).spec.template.spec.securityContext.runAsNonRoot = false; }],
    ["podSecurity", (o) => { delete container(o).securityContext.capabilities; }],
    ["podSecurity", (o) => { delete container(o).resources.limits.memory; }],
    ["images", (o) => { container(o).image = "registry.example/tandem:latest"; }],
    ["images", (o) => { container(o).image = "registry.example/other:1"; }],
    ["probes", (o) => { container(o).readinessProbe.grpc.service = "tandem.projects.v1.Project"; }],
    ["probes", (o) => { container(o).livenessProbe.grpc.port = 7199; }],
    ["probes", (o) => { container(o).args[0] = "--listen=0.0.0.0:7199"; }],
    ["references", (o) => { o.find((object) => object.kind === "ConfigMap").data = {}; }],
    ["references", (o) => { deployment(o).spec.template.spec.terminationGracePeriodSeconds = 25; }],
    ["references", (o) => { deployment(o).spec.replicas = 2; }],
    ["references", (o) => { container(o).env = []; }],
    ["network", (o) => { container(o).args = container(o).args.map((flag) => flag.replace(":7103", ":7104")); }],
    ["network", (o) => { o.splice(o.findIndex((object) => object.metadata.name === "tandem-default-deny"), 1); }],
    ["network", (o) => { o.splice(o.findLastIndex((object) => object.metadata.name === "tandem-pairing"), 1); }],
    ["schema", (o) => { container(o).startupProbe.grpc.port = "grpc"; }],
    ["schema", (o) => { container(o).startupProb = {}; }],
  ];
  const found = [];
  for (const [rule, mistake] of mistakes) {
    const objects = baseObjects();
    mistake(objects);
    const caught = rule === "schema" ? [...(await validate(objects)), ...typeCheck(objects, work)] : rules[rule](objects);
    if (caught.length === 0) found.push(`${rule} does not catch ${mistake}`);
  }
  console.log(`selftest: ${mistakes.length - found.length} of ${mistakes.length} mistakes are caught`);
  return found;
}

const [check, bin] = process.argv.slice(2);
const checks = {manifests: () => checkAll("base", baseObjects()), render: checkRendered, flags: () => checkFlags(bin), selftest: selfTest};
const found = await checks[check]();
for (const finding of found) console.log(finding);
process.exit(found.length > 0 ? 1 : 0);
