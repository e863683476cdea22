/** Who may import whom. Data flows one way: contracts → timelines|rollups|comments|rules|scores|sequences → store|bus|producer → apps. */
const pure = '^libs/(contracts|timelines|rollups|comments|rules|scores|sequences)/';
const spec = '\\.spec\\.ts$';
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle means two files are one idea, or an idea is in the wrong file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'contracts-import-nothing-of-ours',
      comment: 'Producers and analysts depend on contracts alone.',
      severity: 'error',
      from: { path: '^libs/contracts/', pathNot: spec },
      to: { path: '^(libs/(?!contracts/)|apps/)' },
    },
    {
      name: 'pure-libs-do-no-io',
      comment: 'Summaries and projections are functions of their arguments.',
      severity: 'error',
      from: { path: pure, pathNot: spec },
      to: { path: 'node_modules/(pg|typeorm|kafkajs|rxjs|@nestjs)/|^(libs/(store|bus|service)/|apps/)' },
    },
    {
      name: 'pure-libs-import-contracts-only',
      comment: 'Read models do not lean on each other: each can be rebuilt alone.',
      severity: 'error',
      from: { path: '^libs/(timelines|rollups|comments|rules|scores|sequences)/', pathNot: spec },
      to: { path: '^libs/', pathNot: '^libs/(contracts|$1)/' },
    },
    {
      name: 'pure-libs-have-no-node-builtins',
      comment: 'No fs, no net, no clock: pass values in.',
      severity: 'error',
      from: { path: pure, pathNot: spec },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-store-knows-postgres',
      severity: 'error',
      from: { pathNot: ['^libs/(store|testing)/', '^test/', spec] },
      to: { path: 'node_modules/(pg|typeorm)/' },
    },
    {
      name: 'only-bus-knows-kafka',
      severity: 'error',
      from: { pathNot: ['^libs/(bus|testing)/', '^test/', spec] },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'producer-needs-contracts-and-bus',
      comment: 'Subsystems import it: no Nest, no database, nothing of the apps.',
      severity: 'error',
      from: { path: '^libs/producer/', pathNot: spec },
      to: { path: '^(libs/(?!(producer|contracts|bus)/)|apps/)|node_modules/(@nestjs|pg|typeorm|kafkajs)/' },
    },
    {
      name: 'store-and-bus-are-strangers',
      comment: 'Only an app may join the log to the database.',
      severity: 'error',
      from: { path: '^libs/(store|bus)/' },
      to: { path: '^libs/(store|bus)/', pathNot: '^libs/$1/' },
    },
    { name: 'libs-never-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'apps-never-import-apps',
      comment: 'Apps meet on Kafka and in the database, not in code.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'apps-import-libs-by-name',
      comment: 'Import a lib by its name, not by a file inside it.',
      severity: 'error',
      from: { path: '^(apps|test)/' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts$)' },
    },
    {
      name: 'libs-import-libs-by-name',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts$)', pathNot: '^libs/$1/' },
    },
    {
      name: 'testing-stays-in-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [spec, '^libs/testing/'] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '^libs/' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/' },
    // without the condition `#libs/*` does not resolve, and every rule passes on everything
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@annals/source', 'import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
  },
};
