/** The failures of servers and networks, as sentences: what happened, what is safe, what to do. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';

type Data = Record<string, string | number | boolean>;

export function stopped(): WorkbenchError {
  return new WorkbenchError('cancelled', 'The exchange was stopped. Nothing is lost by that.');
}

/** The address without anything that is nobody's business: user, password, query. */
export function shown(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${decodeURI(pathname)}`;
}

export function away(
  url: string,
  reason: string,
  data: Readonly<Record<string, string | number | boolean | undefined>> = {},
  cause?: unknown,
): WorkbenchError {
  const { host } = new URL(url);
  const message = `${host} cannot be reached. ${reason} What you wrote is safe on this machine and will be exchanged when the network is back.`;
  const known = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) as Data;
  return new WorkbenchError('network-unreachable', message, { server: host, ...known }, { cause });
}

export function captive(url: string, reason: string, page = ''): WorkbenchError {
  const { host } = new URL(url);
  const says = page === '' ? '' : ` The page says: “${page.slice(0, 120)}”`;
  const message = `Something on this network answers in place of ${host}. ${reason}${says} Nothing was sent or changed. Sign in to the network in a browser; the exchange goes on by itself afterwards.`;
  return new WorkbenchError('network-captive', message, { server: host, page });
}

export function refused(url: string, status: number, detail = ''): WorkbenchError {
  const { host } = new URL(url);
  const message =
    status === 401
      ? `${host} does not accept this name and password.${detail} Nothing was changed. Check both; many servers want an app password made in their own settings.`
      : `${host} does not let this name in at ${shown(url)} (${status}).${detail} Nothing was changed. Ask whoever runs the server.`;
  return new WorkbenchError('channel-refused', message, { server: host, status });
}

export function unsuitable(url: string, reason: string, data: Data = {}): WorkbenchError {
  const message = `${shown(url)} is not a place that a circle can be exchanged through: ${reason} Nothing was changed there.`;
  return new WorkbenchError('channel-unsuitable', message, { url: shown(url), ...data });
}

export function serverFull(url: string): WorkbenchError {
  const { host } = new URL(url);
  const message = `There is no room left on ${host}. What you wrote is safe on this machine and will be put there once there is room.`;
  return new WorkbenchError('disk-full', message, { server: host });
}

export function notWritable(url: string, status: number): WorkbenchError {
  const { host } = new URL(url);
  const message = `${host} lets nothing be written in ${shown(url)} (${status}). What you wrote is safe on this machine; ask for the right to write there.`;
  return new WorkbenchError('destination-not-writable', message, { server: host, status });
}

const datesOff = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
const otherCertificate = new Set([
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** Null when the failure is none of a certificate. */
export function certificateProblem(url: string, error: unknown): WorkbenchError | null {
  const code = networkCodeOf(error);
  const { host } = new URL(url);
  if (datesOff.has(code)) {
    const message = `The certificate of ${host} is not valid at the date this machine believes it is. Check the date and time of this machine; if they are right, tell whoever runs the server. What you wrote is safe here.`;
    return new WorkbenchError('network-unreachable', message, { server: host, code }, { cause: error });
  }
  if (!otherCertificate.has(code)) return null;
  return captive(url, `What answers has a certificate that is not that of ${host} (${code}).`);
}

/** The system's code for what broke a connection; empty when it has none. */
export function networkCodeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return '';
}
