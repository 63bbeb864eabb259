{{- define "name" -}}{{ .Release.Name }}-michelangelo{{- end }}
{{- define "labels" -}}
app.kubernetes.io/name: michelangelo
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}
{{- define "service" }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "name" .root }}-{{ .component }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "labels" . | nindent 4 }}
spec:
  selector: {{- include "labels" . | nindent 4 }}
  ports:
    - {name: {{ .portName }}, port: {{ .port }}, targetPort: {{ .portName }}}
{{- end }}
{{- define "pods" }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "name" .root }}-{{ .component }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "labels" . | nindent 4 }}
spec:
  selector:
    matchLabels: {{- include "labels" . | nindent 6 }}
  template:
    metadata:
      {{- if .checksum }}
      annotations:
        checksum/config: {{ include (print .root.Template.BasePath "/" .component "-config.yaml") .root | sha256sum }}
      {{- end }}
      labels: {{- include "labels" . | nindent 8 }}
    spec:
      containers:
        - name: {{ .component }}
          image: {{ .image }}
          {{- with .port }}
          ports:
            - {name: {{ $.portName }}, containerPort: {{ . }}}
          {{- end }}
          volumeMounts:
            - {{ .mount }}
            {{- with .descriptors }}
            - {name: descriptors, mountPath: /etc/envoy-descriptors}
            {{- end }}
      volumes:
        - name: config
          configMap: {name: {{ include "name" .root }}-{{ .component }}-config}
        {{- with .descriptors }}
        - name: descriptors
          configMap: {name: {{ . }}}
        {{- end }}
{{- end }}
{{- define "ingress" }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ include "name" .root }}-{{ .component }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "labels" . | nindent 4 }}
  annotations: {{- merge (dict "nginx.ingress.kubernetes.io/proxy-read-timeout" "600") (.entry.annotations | default dict) | toYaml | nindent 4 }}
spec:
  ingressClassName: nginx
  tls:
    - hosts: [{{ .entry.host }}]
      secretName: {{ .entry.host | replace "." "-" }}-tls
  rules:
    - host: {{ .entry.host }}
      http:
        paths:
          - path: {{ .entry.path | default "/" }}
            pathType: {{ if contains "(" (.entry.path | default "/") }}ImplementationSpecific{{ else }}Prefix{{ end }}
            backend:
              service:
                name: {{ include "name" .root }}-{{ .component }}
                port: {name: {{ .portName }}}
{{- end }}
