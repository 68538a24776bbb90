// The schema of Kubernetes: values by the models' validators, misspelt fields by TypeScript's check of object literals.
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

function moduleOf(object) {
  return `kubernetes-models/${object.apiVersion}`;
}

export async function validate(objects) {
  const found = [];
  for (const object of objects) {
    const model = (await import(moduleOf(object)))[object.kind];
    try {
      new model(object).validate();
    } catch (error) {
      found.push(`${object.kind} ${object.metadata?.name}: ${error.message}`);
    }
  }
  return found;
}

// Findings as pairs of the object and a text.
export function typeCheck(objects, folder) {
  const file = path.join(folder, "objects.ts");
  const lines = objects.map((object, i) => `import type {I${object.kind} as T${i}} from "${moduleOf(object)}";\nexport const o${i}: T${i} = ${JSON.stringify(object)};`);
  fs.writeFileSync(file, lines.join("\n"));
  const options = {noEmit: true, strict: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ES2022, types: []};
  return ts.getPreEmitDiagnostics(ts.createProgram([file], options)).map((diagnostic) => {
    const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start).line ?? 0;
    const object = objects[Math.floor(at / 2)];
    return [object, `${object.kind} ${object.metadata.name}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`];
  });
}
