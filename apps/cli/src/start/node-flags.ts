const SOURCE_MAPS = '--enable-source-maps';

const OWN: Readonly<Record<string, readonly string[]>> = {
  // a heap bounded for what is promised, marked less often than V8 would by itself, and without source maps, which are a tenth of it
  // (docs/decisions/0031-what-waits-is-bytes.md)
  ingest: ['--min-semi-space-size=16', '--max-semi-space-size=16', '--max-old-space-size=256', '--heap-growing-percent=130'],
  // by its own measure Node lets some 60 MB of rubbish gather before it collects the first time; a smaller nursery spares 25 MB and costs nothing
  query: ['--max-semi-space-size=8', '--max-old-space-size=512', SOURCE_MAPS],
};

/** How Node runs the app of that folder. The benchmark and the compose file run it in the same way. */
export const nodeFlags = (app: string): readonly string[] => OWN[app] ?? ['--max-old-space-size=256', SOURCE_MAPS];
