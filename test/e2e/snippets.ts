import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { repositoryRoot, uniqueName } from '#libs/testing';

/** Programs of a page, each a fenced block whose info string is a language and a name. */
export async function snippetsOf(page: string, language: string): Promise<Map<string, string>> {
  const text = await readFile(join(repositoryRoot(), page), 'utf8');
  const blocks = text.matchAll(/^```(\w+) ([\w.-]+)\n([\s\S]*?)^```$/gm);
  return new Map([...blocks].filter(([, of]) => of === language).map(([, , name = '', code = '']) => [name, code]));
}

export interface Compiled {
  /** The program that Node runs, by the name of its block. */
  readonly fileOf: (name: string) => string;
  /** What the compiler finds wrong with the programs. */
  readonly faults: readonly string[];
  readonly remove: () => Promise<void>;
}

/** Checks the types against the sources of the libs and compiles for the built ones, as a subsystem in this repository would. */
export async function compileSnippets(snippets: ReadonlyMap<string, string>): Promise<Compiled> {
  const root = repositoryRoot();
  const folder = join(root, 'dist', uniqueName('snippets'));
  await mkdir(folder, { recursive: true });
  const files = [...snippets.keys()].map((name) => join(folder, `${name}.ts`));
  await Promise.all([...snippets.values()].map((code, i) => writeFile(files[i] ?? '', code)));
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram(files, { ...options, outDir: undefined, sourceMap: false });
  const sources = files.map((file) => program.getSourceFile(file));
  const faults = sources.flatMap((source) => [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]);
  for (const source of sources) program.emit(source);
  return {
    fileOf: (name) => join(folder, `${name}.js`),
    faults: faults.map(
      ({ file, messageText }) => `${file?.fileName.split('/').at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    ),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
