/** A Prometheus that is given, as its form has it: every field is there, whatever is chosen. */

import type { PrometheusAddress, PrometheusCredentials, SecretPlace } from '$bindings/contract';

export type By = PrometheusCredentials['by'];
export type In = SecretPlace['in'];

export interface Draft {
  readonly url: string;
  readonly by: By;
  readonly user: string;
  readonly in: In;
  /** The path or the variable's name. */
  readonly place: string;
  readonly authority: string;
}

export const EMPTY: Draft = {
  url: '',
  by: 'nothing',
  user: '',
  in: 'file',
  place: '',
  authority: '',
};

export function draftOf(address: PrometheusAddress | undefined): Draft {
  if (address === undefined) return EMPTY;
  const { url, credentials, authority } = address;
  const secret =
    credentials.by === 'bearer'
      ? credentials.token
      : credentials.by === 'basic'
        ? credentials.password
        : undefined;
  return {
    url,
    by: credentials.by,
    user: credentials.by === 'basic' ? credentials.user : '',
    in: secret?.in ?? 'file',
    place: secret === undefined ? '' : secret.in === 'file' ? secret.path : secret.name,
    authority,
  };
}

export function addressOf(draft: Draft): PrometheusAddress {
  const place = draft.place.trim();
  const secret: SecretPlace =
    draft.in === 'file' ? { in: 'file', path: place } : { in: 'environment', name: place };
  const credentials: PrometheusCredentials =
    draft.by === 'bearer'
      ? { by: 'bearer', token: secret }
      : draft.by === 'basic'
        ? { by: 'basic', user: draft.user.trim(), password: secret }
        : { by: 'nothing' };
  return { url: draft.url.trim(), credentials, authority: draft.authority.trim() };
}

/** Whether everything is there that an address needs. */
export function isWhole(draft: Draft): boolean {
  if (draft.url.trim() === '') return false;
  if (draft.by === 'nothing') return true;
  return draft.place.trim() !== '' && (draft.by !== 'basic' || draft.user.trim() !== '');
}

/** Whether what it is shown would cross a network that others read. */
export function isShownInTheClear(draft: Draft): boolean {
  const isLocal = /^http:\/\/(localhost|127\.|\[::1\])/.test(draft.url.trim());
  return draft.by !== 'nothing' && draft.url.trim().startsWith('http://') && !isLocal;
}
