// What must hold of where the services keep their records, and of several replicas.
import {allows, containersOf, flagsOf, labelsOf, of, podSpecOf, selects, title} from "./objects.mjs";

const schemas = {"tandem-projects": "tandem_projects", "tandem-investors": "tandem_investors", "tandem-pairing": "tandem_editions"};
const servers = {TANDEM_POSTGRES: 5432, TANDEM_REDIS: 6379};

const environmentOf = (container, name) => container?.env?.find((variable) => variable.name === name);

// A store is in a claim or in the database, and then: migrated before the start, reached through the policies, its password in no manifest.
export function stores(objects) {
  const found = [];
  for (const object of of(objects, "Deployment")) {
    const want = (good, what) => good || found.push(`${title(object)}: ${what}`);
    const pod = podSpecOf(object);
    const container = pod.containers[0];
    const flags = flagsOf(container);
    const store = flags.get("--store") ?? "sqlite";
    const volume = pod.volumes.find(({name}) => name === container.volumeMounts.find((mount) => mount.mountPath === flags.get("--data"))?.name);
    want(store === "sqlite" || store === "postgres", `--store=${store} is not for a cluster`);
    if (store === "sqlite") {
      want(volume?.persistentVolumeClaim, "--data is not on a claim");
    } else {
      want(!flags.has("--data") && flags.has("--keys"), "on PostgreSQL it needs --keys and no --data");
      want(!pod.volumes.some((one) => one.persistentVolumeClaim), "on PostgreSQL it needs no claim");
      checkMigrate(object, want);
    }
    for (const one of containersOf(object)) {
      for (const flag of ["--postgres", "--redis"]) want(!flagsOf(one).has(flag), `${one.name}: ${flag} may hold a password, take it from a Secret`);
      for (const name of Object.keys(servers)) want(environmentOf(one, name)?.value === undefined, `${one.name}: ${name} may hold a password, take it from a Secret`);
    }
    for (const [name, port] of Object.entries(servers))
      if (environmentOf(container, name)) checkWay(objects, labelsOf(object), name, port, want);
  }
  return found;
}

function checkMigrate(object, want) {
  const pod = podSpecOf(object);
  const reference = (container) => JSON.stringify(environmentOf(container, "TANDEM_POSTGRES")?.valueFrom?.secretKeyRef);
  const migrate = pod.initContainers?.find((container) => container.command.join(" ").endsWith("/tandem admin migrate"));
  want(reference(pod.containers[0]), "TANDEM_POSTGRES is not taken from a Secret");
  want(migrate, "no init container makes the schema (tandem admin migrate)");
  if (!migrate) return;
  want(reference(migrate) === reference(pod.containers[0]), "migrates another database than it uses");
  const schema = schemas[object.metadata.name];
  want(flagsOf(migrate).get("--schema") === schema, `migrates not its own schema, ${schema}`);
}

// Out of the pod, and where the server is a pod of this namespace into it too.
function checkWay(objects, mine, name, port, want) {
  const policies = of(objects, "NetworkPolicy");
  const rules = policies.filter(({spec}) => selects(spec.podSelector, mine)).flatMap(({spec}) => spec.egress ?? []);
  const peers = rules.filter((rule) => rule.ports?.some((entry) => entry.port === port)).flatMap((rule) => rule.to ?? []);
  want(peers.length > 0, `no policy lets it call port ${port}, where ${name} is`);
  for (const peer of peers)
    if (peer.podSelector && !peer.namespaceSelector)
      want(allows(policies, "ingress", mine, peer.podSelector.matchLabels, port), `no policy lets port ${port} be called by it`);
}

// Several replicas share a database, are replaced one after the other, and not all evicted at once.
export function replicas(objects) {
  const found = [];
  const budgets = of(objects, "PodDisruptionBudget");
  for (const object of of(objects, "Deployment")) {
    const want = (good, what) => good || found.push(`${title(object)}: ${what}`);
    const {replicas: count, strategy} = object.spec;
    const mine = budgets.filter((budget) => selects(budget.spec.selector, labelsOf(object)));
    if (count === 1) {
      want(mine.length === 0, "a budget for one replica protects nothing");
      continue;
    }
    want(flagsOf(podSpecOf(object).containers[0]).get("--store") === "postgres", "several replicas need --store=postgres");
    want(mine.length === 1 && mine[0].spec.maxUnavailable >= 1 && mine[0].spec.maxUnavailable < count, "needs one PodDisruptionBudget that lets some go, not all");
    checkRollout(object, strategy, want);
    const spread = podSpecOf(object).topologySpreadConstraints?.find(({topologyKey}) => topologyKey === "kubernetes.io/hostname");
    want(selects(spread?.labelSelector, labelsOf(object)), "its replicas are not spread over nodes");
    want(spread?.matchLabelKeys?.includes("pod-template-hash"), "the spread counts pods that are about to go");
  }
  for (const budget of budgets)
    if (!of(objects, "Deployment").some((object) => selects(budget.spec.selector, labelsOf(object)))) found.push(`${title(budget)}: selects no pod`);
  return found;
}

// Clients hear of a new replica up to 30 s late (DNS caches, and clients ask it no more often).
function checkRollout(object, strategy, want) {
  want(strategy?.type === "RollingUpdate" && strategy.rollingUpdate?.maxUnavailable === 0 && strategy.rollingUpdate.maxSurge >= 1,
    "needs RollingUpdate with maxUnavailable 0");
  const ready = object.spec.minReadySeconds ?? 0;
  want(ready > 30, "minReadySeconds must be more than 30, or clients know no replica that is left");
  const probe = podSpecOf(object).containers[0].startupProbe;
  const starting = (probe?.periodSeconds ?? 10) * (probe?.failureThreshold ?? 3) + ready;
  want((object.spec.progressDeadlineSeconds ?? 600) > starting, `progressDeadlineSeconds must be more than ${starting}`);
}
