/**
 * The annotations by which Ingress controllers redirect plain HTTP to HTTPS, each with what turns it off: a value, or null
 * where the annotation has to go. Only one that is there is changed.
 *
 * Sources: the annotation pages of the controllers' own documentation.
 */
export const REDIRECT_MARKS: Readonly<Record<string, string | null>> = {
  // ingress-nginx, "Annotations"; NGINX Ingress Controller (F5), "Advanced configuration with annotations"
  'nginx.ingress.kubernetes.io/ssl-redirect': 'false',
  'nginx.ingress.kubernetes.io/force-ssl-redirect': 'false',
  'nginx.org/ssl-redirect': 'False',
  'nginx.org/redirect-to-https': 'False',
  // Contour, "Annotations"
  'ingress.kubernetes.io/force-ssl-redirect': 'false',
  // HAProxy Technologies, and the community's haproxy-ingress
  'haproxy.org/ssl-redirect': 'false',
  'haproxy-ingress.github.io/ssl-redirect': 'false',
  // AWS Load Balancer Controller: takes a port, so that only its absence is off
  'alb.ingress.kubernetes.io/ssl-redirect': null,
  // Kong: a status code, which redirects where protocols has https alone
  'konghq.com/https-redirect-status-code': null,
  'ingress.cilium.io/force-https': 'disabled',
};
