/**
 * The content security policy of the page, the same in both shells: nothing but the page's own files runs or loads.
 * Style attributes are allowed (react-aria and the virtual lists position by them), style elements are not. `data:` images
 * are the icons that the build inlines.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
