package main

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/health"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
)

// An answer for one object; no status where Argo CD has no opinion on the kind.
type verdict struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Status  string `json:"status,omitempty"`
	Message string `json:"message,omitempty"`
}

func resourceHealth(arguments []string) (any, error) {
	overrides, err := readOverrides(arguments[0])
	if err != nil {
		return nil, err
	}
	objects, err := readObjects(arguments[1])
	if err != nil {
		return nil, err
	}
	verdicts := []verdict{}
	for _, object := range objects {
		answer := verdict{Kind: object.GetKind(), Name: object.GetName()}
		status, err := health.GetResourceHealth(object, lua.ResourceHealthOverrides(overrides))
		if err != nil {
			return nil, err
		}
		if status != nil {
			answer.Status, answer.Message = string(status.Status), status.Message
		}
		verdicts = append(verdicts, answer)
	}
	return verdicts, nil
}

// readOverrides reads the health checks of an argocd-cm, which Argo CD keeps under `group/kind`.
func readOverrides(file string) (map[string]v1alpha1.ResourceOverride, error) {
	var settings corev1.ConfigMap
	if err := readStrict(file, &settings); err != nil {
		return nil, err
	}
	overrides := map[string]v1alpha1.ResourceOverride{}
	for key, script := range settings.Data {
		name, isHealth := strings.CutPrefix(key, "resource.customizations.health.")
		if isHealth {
			overrides[strings.Replace(name, "_", "/", 1)] = v1alpha1.ResourceOverride{HealthLua: script}
		}
	}
	return overrides, nil
}
