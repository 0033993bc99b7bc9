/** Counters of one process in the text format of Prometheus; totals only, nothing that tells of a single circle. */
export interface Metrics {
  count(name: CounterName, labels?: Readonly<Record<string, string>>, by?: number): void;
  /** `gauges` are read when asked for. */
  print(gauges: Readonly<Record<string, number>>): string;
}

const counters = {
  hub_requests_total: 'Answers by operation and status.',
  hub_received_bytes_total: 'Bytes of objects received.',
  hub_sent_bytes_total: 'Bytes of objects sent.',
  hub_news_total: 'Messages on news sockets.',
  hub_refused_total: 'Refusals by code.',
} as const;
export type CounterName = keyof typeof counters;

const gaugeHelp: Readonly<Record<string, string>> = {
  hub_sockets: 'News sockets that are open.',
  hub_circles: 'Circles.',
  hub_devices: 'Admitted devices.',
  hub_objects: 'Objects kept.',
  hub_object_bytes: 'Bytes of objects kept.',
  process_resident_memory_bytes: 'Resident memory.',
};

export function createMetrics(): Metrics {
  const values = new Map<CounterName, Map<string, number>>();
  return {
    count(name, labels = {}, by = 1) {
      const series = values.get(name) ?? new Map<string, number>();
      const pairs = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
      const label = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
      series.set(label, (series.get(label) ?? 0) + by);
      values.set(name, series);
    },
    print(gauges) {
      const lines: string[] = [];
      for (const [name, help] of Object.entries(counters)) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`);
        for (const [label, value] of values.get(name as CounterName) ?? []) lines.push(`${name}${label} ${value}`);
      }
      for (const [name, value] of Object.entries(gauges)) {
        lines.push(`# HELP ${name} ${gaugeHelp[name] ?? name}`, `# TYPE ${name} gauge`, `${name} ${value}`);
      }
      return `${lines.join('\n')}\n`;
    },
  };
}
