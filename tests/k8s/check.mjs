// Checks of the manifests, by name: `manifests`, `render`, `flags BIN`, `selftest`. Exit 0 clean, 1 findings, 77 skipped.
import {execFileSync} from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import {built, builtFrom, compositions, kubectlVersion, rendered, roots} from "./documents.mjs";
import {applyOperation, difference} from "./kustomize.mjs";
import {containersOf, flagsOf, title} from "./objects.mjs";
import {rules} from "./rules.mjs";
import {typeCheck, validate} from "./schema.mjs";

const work = process.cwd();

function skip(why) {
  console.log(`SKIPPED: ${why}`);
  process.exit(77);
}

function applyRules(objects) {
  return Object.entries(rules).flatMap(([name, rule]) => rule(objects).map((finding) => `${name}: ${finding}`));
}

// `sets`: objects by the name of what they make up.
async function checkAll(sets) {
  const found = [];
  const owner = new Map();
  for (const [label, objects] of sets) {
    for (const object of objects) owner.set(object, label);
    const mine = [...(await validate(objects)), ...applyRules(objects)];
    found.push(...mine.map((finding) => `${label}: ${finding}`));
    console.log(`${label}: ${objects.length} objects`);
  }
  found.push(...typeCheck([...owner.keys()], work).map(([object, finding]) => `${owner.get(object)}: ${finding}`));
  console.log(`${found.length} findings`);
  return found;
}

// What kubectl renders is right, and the same as what is rendered here without it.
async function checkRendered() {
  const version = kubectlVersion();
  if (!version || version[0] * 1000 + version[1] < 1021) skip("kustomize rendering (kubectl 1.21 or newer is not there)");
  const sets = new Map(roots().map((folder) => [folder, rendered(folder)]));
  return [...(await checkAll(sets)), ...[...sets].flatMap(([folder, objects]) => differences(folder, objects, built(folder)))];
}

function differences(folder, theirs, ours) {
  const found = [];
  for (const object of theirs) {
    const twin = ours.find((other) => title(other) === title(object));
    const where = twin ? difference(object, twin) : "only kubectl makes it";
    if (where) found.push(`${folder}: rendered otherwise than by kubectl: ${title(object)}: ${where}`);
  }
  for (const object of ours)
    if (!theirs.some((other) => title(other) === title(object))) found.push(`${folder}: rendered otherwise than by kubectl: ${title(object)}: kubectl makes none`);
  return found;
}

// Every flag in the manifests is one that the program says it has.
function checkFlags(bin) {
  const containers = [...compositions().values()].flat().flatMap(containersOf).filter((container) => container.args);
  const calls = new Map(containers.map((container) => [JSON.stringify([container.command, container.args]), container]));
  const programOf = (container) => path.join(bin, path.basename(container.command[0]));
  const absent = new Set([...calls.values()].map(programOf).filter((program) => !fs.existsSync(program)));
  if (absent.size > 0) skip(`flags of the manifests (not built: ${[...absent].map((program) => path.basename(program)).join(", ")})`);
  return [...calls.values()].flatMap((container) => {
    const help = execFileSync(programOf(container), [...container.command.slice(1), "--help"], {encoding: "utf8"});
    return [...flagsOf(container).keys()]
      .filter((flag) => !new RegExp(`(^|[\\s,])${flag}([\\s,=:\\[]|$)`, "m").test(help))
      .map((flag) => `${container.name} has no flag ${flag}`);
  });
}

function throws(what) {
  try {
    what();
    return false;
  } catch {
    return true;
  }
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
    ["stores", (o) => { container(o).args.push("--store=memory"); }],
    ["stores", (o) => { deployment(o).spec.template.spec.volumes[0] = {name: "data", emptyDir: {}}; }],
    ["schema", (o) => { container(o).startupProbe.grpc.port = "grpc"; }],
    ["schema", (o) => { container(o).startupProb = {}; }],
  ];
  const migrate = (objects) => deployment(objects).spec.template.spec.initContainers[0];
  const policy = (objects, name) => objects.find((object) => object.metadata.name === name).spec;
  const budget = (objects) => objects.find((object) => object.kind === "PodDisruptionBudget");
  const withReplicas = [
    ["references", (o) => { o.find((object) => object.metadata.name === "tandem-postgres" && object.kind === "Secret").data = {}; }],
    ["references", (o) => { container(o).env.at(-1).valueFrom.secretKeyRef.name = "tandem-postgre"; }],
    ["references", (o) => { deployment(o).spec.template.spec.volumes.at(-1).secret.secretName = "tandem-postgre"; }],
    ["references", (o) => { deployment(o).spec.template.spec.volumes.push({name: "data", persistentVolumeClaim: {claimName: "tandem-projects"}}); }],
    ["stores", (o) => { container(o).args.push("--data=/tmp"); }],
    ["stores", (o) => { container(o).args = container(o).args.filter((flag) => !flag.startsWith("--store")); }],
    ["stores", (o) => { container(o).args.push("--postgres=postgresql://tandem:secret@postgres.example/zone"); }],
    ["stores", (o) => { container(o).env.at(-1).valueFrom = undefined; container(o).env.at(-1).value = "postgresql://postgres.example/zone"; }],
    ["stores", (o) => { container(o).env.pop(); }],
    ["stores", (o) => { deployment(o).spec.template.spec.initContainers.shift(); }],
    ["stores", (o) => { migrate(o).args = ["--schema=tandem_investors"]; }],
    ["stores", (o) => { migrate(o).env = []; }],
    ["stores", (o) => { policy(o, "tandem-to-postgres").egress[0].ports[0].port = 5433; }],
    ["stores", (o) => { policy(o, "tandem-to-postgres").podSelector.matchExpressions[0].values.shift(); }],
    ["stores", (o) => { o.find((object) => object.kind === "NetworkPolicy" && object.metadata.name === "tandem-postgres").spec.ingress = []; }],
    ["stores", (o) => { policy(o, "tandem-to-redis").egress = []; }],
    ["replicas", (o) => { container(o).args = container(o).args.filter((flag) => !flag.startsWith("--store")); }],
    ["replicas", (o) => { deployment(o).spec.strategy.rollingUpdate.maxUnavailable = 1; }],
    ["replicas", (o) => { deployment(o).spec.strategy = {type: "Recreate"}; }],
    ["replicas", (o) => { delete deployment(o).spec.minReadySeconds; }],
    ["replicas", (o) => { delete deployment(o).spec.progressDeadlineSeconds; }],
    ["replicas", (o) => { deployment(o).spec.replicas = 1; }],
    ["replicas", (o) => { o.splice(o.indexOf(budget(o)), 1); }],
    ["replicas", (o) => { budget(o).spec.maxUnavailable = 0; }],
    ["replicas", (o) => { budget(o).spec.maxUnavailable = 2; }],
    ["replicas", (o) => { o.push({kind: "PodDisruptionBudget", metadata: {name: "other"}, spec: {selector: {matchLabels: {"app.kubernetes.io/name": "other"}}}}); }],
    ["replicas", (o) => { delete deployment(o).spec.template.spec.topologySpreadConstraints; }],
    ["replicas", (o) => { deployment(o).spec.template.spec.topologySpreadConstraints[0].labelSelector.matchLabels["app.kubernetes.io/name"] = "tandem-pairing"; }],
    ["schema", (o) => { budget(o).spec.maxUnavailabel = 1; }],
  ];
  // Rendering must end with an error.
  const unrendered = [
    () => builtFrom({namePrefix: "x-"}),
    () => builtFrom({resources: ["base", "base"]}),
    () => builtFrom({replicas: [{name: "tandem-project", count: 2}]}),
    () => builtFrom({patches: [{target: {kind: "Deployment", name: "tandem-project"}, patch: "[]"}]}),
    () => builtFrom({patches: [{target: {kind: "Deployment"}, patch: "metadata: {name: merged}"}]}),
    () => builtFrom({components: ["components/postgres", "components/postgres"]}),
    () => builtFrom({secretGenerator: [{name: "hashed", literals: ["a=b"]}]}),
    ...[
      {op: "replace", path: "/spec/absent", value: 1},
      {op: "remove", path: "/spec/template/spec/volumes/99"},
      {op: "test", path: "/spec/replicas", value: 7},
      {op: "add", path: "/spec/template/spec/volumes/99", value: {}},
      {op: "add", path: "/spec/template/spec/volumes/x", value: {}},
      {op: "add", path: "/spec/absent/deeper", value: 1},
      {op: "copy", from: "/spec/absent", path: "/spec/copied"},
      {op: "move", from: "/spec/replicas", path: "/spec/copied"},
    ].map((operation) => () => applyOperation(deployment(built("base")), operation)),
  ];
  const found = [];
  const all = [...mistakes.map((entry) => ["base", ...entry]), ...withReplicas.map((entry) => ["overlays/replicas", ...entry])];
  const typed = new Map();  // objects whose mistake only TypeScript may find; checked together, since that is slow
  for (const [folder, rule, mistake] of all) {
    const objects = built(folder);
    mistake(objects);
    if (rule !== "schema") rules[rule](objects).length > 0 || found.push(`${rule} does not catch ${mistake}`);
    else if ((await validate(objects)).length === 0) for (const object of objects) typed.set(object, mistake);
  }
  const caught = new Set(typeCheck([...typed.keys()], work).map(([object]) => typed.get(object)));
  for (const mistake of new Set(typed.values())) if (!caught.has(mistake)) found.push(`schema does not catch ${mistake}`);
  for (const render of unrendered) if (!throws(render)) found.push(`rendering does not refuse ${render}`);
  const count = all.length + unrendered.length;
  console.log(`selftest: ${count - found.length} of ${count} mistakes are caught`);
  return found;
}

const [check, bin] = process.argv.slice(2);
const checks = {manifests: () => checkAll(compositions()), render: checkRendered, flags: () => checkFlags(bin), selftest: selfTest};
const found = await checks[check]();
for (const finding of found) console.log(finding);
process.exit(found.length > 0 ? 1 : 0);
